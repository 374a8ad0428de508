import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePng } from '../../src/node/index.js';
import { generator } from './random.js';

const SIDE = 24;

/**
 * Writes small pictures, each another one, and broken ones among them.
 * @param every so many, one is cut off
 * @returns names of the broken ones
 */
export async function writePictures(folder: string, count: number, every = Infinity): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const random = generator(7);
  const broken: string[] = [];
  for (let i = 0; i < count; i++) {
    const name = `p${String(i).padStart(5, '0')}.png`;
    if (i % every === every - 1) {
      writeFileSync(
        join(folder, name),
        Buffer.from(`89504e470d0a1a0a0000000d494844520000001${i % 10}`, 'hex'),
      );
      broken.push(name);
      continue;
    }
    const data = Uint8Array.from({ length: 3 * SIDE * SIDE }, () => 256 * random());
    await writePng(join(folder, name), { width: SIDE, height: SIDE, data });
  }
  return broken;
}
