import type { ByteSource } from '../../models/index.js';
import { bytesToFill } from '../devices/native.js';
import type { FileSource } from './file-source.js';

/**
 * A small file of which every byte that was read stays where it is in one piece of memory: what shares memory with it
 * costs nothing, and all of it can be had without reading twice.
 */
export class HeldFile implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #read: (readonly [begin: number, end: number])[] = [];

  constructor(readonly source: FileSource) {
    this.name = source.name;
    this.size = source.size;
    this.#bytes = bytesToFill(source.size);
  }

  async read(begin: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = this.#bytes.subarray(begin, end);
    await this.source.fill(bytes, begin);
    this.#read.push([begin, end]);
    return bytes;
  }

  /** All bytes; those are read that were not yet. */
  async all(): Promise<Uint8Array<ArrayBuffer>> {
    let at = 0;
    for (const [begin, end] of [...this.#read, [this.size, this.size]].sort(([a], [b]) => a - b)) {
      if (begin > at) await this.read(at, begin);
      at = Math.max(at, end);
    }
    return this.#bytes;
  }
}
