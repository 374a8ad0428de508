import { readFile } from 'node:fs/promises';
import { UsageError } from '../../errors.js';
import { failureInWords } from './failure-in-words.js';
import { errorCode } from './write.js';

/** @throws UsageError that says in words why the file cannot be read */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`Cannot read ${path}: ${failureInWords(error)}.`, { cause: error });
  }
}

/**
 * Undefined if there is no such file: one that is there and cannot be read is something else.
 * @throws UsageError as `readText`
 */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  return readText(path).catch((error: unknown) => {
    if (errorCode((error as UsageError).cause) === 'ENOENT') return undefined;
    throw error;
  });
}
