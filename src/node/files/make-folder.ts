import { mkdir } from 'node:fs/promises';
import { errorCode } from './write.js';

/** Makes one folder; another process may make the same at the same time. */
export async function mkdirUnlessThere(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}
