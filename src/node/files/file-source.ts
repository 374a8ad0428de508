import fs from 'node:fs';
import { promisify } from 'node:util';
import type { ByteSource } from '../../models/index.js';
import { WeightsError } from '../../errors.js';
import { bytesToFill } from '../devices/native.js';
import { stateOf, type FileState } from './file-state.js';

const read = promisify(fs.read);

/** Node's limit is 2 GiB. */
const longestRead = 2 ** 30;

/**
 * A file on the disk, read by ranges: each with one read, of which several may run at a time while the caller's thread is
 * busy. The file is open only while something is read, so there is nothing to close.
 */
export class FileSource implements ByteSource {
  readonly size: number;
  /** As it was found. */
  readonly state: FileState;
  #file: number | undefined;
  #reads = 0;

  /** @throws what the file system says, if it cannot be opened */
  constructor(readonly name: string) {
    const stats = fs.statSync(name, { bigint: true });
    this.size = Number(stats.size);
    this.state = stateOf(stats);
  }

  async read(begin: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = bytesToFill(end - begin);
    await this.fill(bytes, begin);
    return bytes;
  }

  /**
   * Reads the file's bytes from `begin` on, as many as there is room for.
   * @throws WeightsError if the file is no longer what it was, what the file system says if it cannot be read
   */
  async fill(bytes: Uint8Array, begin: number): Promise<void> {
    const file = this.#open();
    this.#reads++;
    try {
      let length = 0;
      while (length < bytes.length) {
        const size = Math.min(bytes.length - length, longestRead);
        const { bytesRead } = await read(file, bytes, length, size, begin + length);
        if (bytesRead === 0) throw this.#changed();
        length += bytesRead;
      }
    } finally {
      if (--this.#reads === 0) this.#close();
    }
  }

  #open(): number {
    if (this.#file !== undefined) return this.#file;
    const file = fs.openSync(this.name, 'r');
    if (stateOf(fs.fstatSync(file, { bigint: true })).content !== this.state.content) {
      fs.closeSync(file);
      throw this.#changed();
    }
    return (this.#file = file);
  }

  #close(): void {
    fs.closeSync(this.#file!);
    this.#file = undefined;
  }

  #changed(): WeightsError {
    return new WeightsError(`"${this.name}" was changed while it was read: start again.`);
  }
}
