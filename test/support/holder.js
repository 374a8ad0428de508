// A process that holds something in a folder until it is ended, on the built package.
// Usage: node holder.js FOLDER writer|temporary|lock. Prints who it is, then for each line of its input does it once and
// prints what became of it; the line "release" gives the lock back, "exit" ends the process in the middle of it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { takeLock } from '../../dist/node/files/lock.js';
import { temporaryIn } from '../../dist/node/files/temporary.js';
import { formatWriter, thisWriter } from '../../dist/node/files/writer.js';

const [folder] = process.argv.slice(2);
let release = () => undefined;

/** @type {Record<string, () => unknown>} */
const commands = {
  file() {
    const { path } = temporaryIn(folder);
    writeFileSync(path, 'half of it');
    return path;
  },
  folder() {
    const { path } = temporaryIn(folder);
    mkdirSync(path);
    writeFileSync(join(path, 'inside'), '');
    return path;
  },
  async lock() {
    try {
      release = await takeLock(join(folder, 'lock'), (holder) => `taken by ${holder}`);
      return 'taken';
    } catch (error) {
      return error.message;
    }
  },
  release() {
    release();
    return 'released';
  },
  exit() {
    process.exit(3);
  },
};

console.log(formatWriter(thisWriter()));
for await (const line of createInterface({ input: process.stdin })) console.log(await commands[line]());
