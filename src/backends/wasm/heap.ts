/** Bytes of a page of WebAssembly memory. */
const pageBytes = 65536;
/** Where blocks begin: at cache lines, so that threads do not write into each other's. */
const alignment = 64;
const addresses = 2 ** 32;
/** Kernels read a cache line beyond the end of a block. */
const padding = 64;

interface Block {
  readonly address: number;
  readonly bytes: number;
}

/** Hands out parts of a WebAssembly memory, which grows as it is needed. */
export class Heap {
  /** Free blocks by address; neighbours are one. The first block begins beyond 0, which stands for nothing. */
  private free: Block[] = [];
  private end = alignment;
  private readonly taken = new Map<number, { readonly wanted: number; readonly block: Block }>();
  /** What is to be given back when nobody works any more. */
  private late: number[] = [];
  private working = false;

  constructor(readonly memory: WebAssembly.Memory) {}

  /** @throws RangeError if there is no memory any more */
  take(wanted: number): number {
    const bytes = Math.ceil((wanted + padding) / alignment) * alignment;
    const { address } = this.bestFit(bytes) ?? this.grow(bytes);
    this.taken.set(address, { wanted, block: { address, bytes } });
    return address;
  }

  /** Memory that is there for as long as the heap is, and is not counted. */
  reserve(bytes: number): number {
    const address = this.take(bytes);
    this.taken.delete(address);
    return address;
  }

  /** Gives a block back, at once or when the work under way is done. */
  give(address: number): void {
    if (this.working) this.late.push(address);
    else this.release(address);
  }

  /** Whatever is given back while threads work stays as it is until they are done. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.working = true;
    try {
      return await work();
    } finally {
      this.working = false;
      for (const address of this.late.splice(0)) this.release(address);
    }
  }

  /** The blocks that are taken. */
  usage(): { buffers: number; bytes: number } {
    let bytes = 0;
    for (const { wanted } of this.taken.values()) bytes += wanted;
    return { buffers: this.taken.size, bytes };
  }

  floats(address: number, size: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, size);
  }

  words(address: number, size: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, address, size);
  }

  doubles(address: number, size: number): Float64Array {
    return new Float64Array(this.memory.buffer, address, size);
  }

  private bestFit(bytes: number): Block | undefined {
    let best = -1;
    this.free.forEach((block, i) => {
      if (block.bytes >= bytes && (best < 0 || block.bytes < this.free[best].bytes)) best = i;
    });
    if (best < 0) return undefined;
    const { address, bytes: whole } = this.free[best];
    if (whole === bytes) this.free.splice(best, 1);
    else this.free[best] = { address: address + bytes, bytes: whole - bytes };
    return { address, bytes };
  }

  private grow(bytes: number): Block {
    // What is free at the end grows with it.
    const last = this.free.at(-1);
    const address = last && last.address + last.bytes === this.end ? last.address : this.end;
    if (address + bytes > addresses) throw new RangeError('There are no more addresses.');
    const missing = address + bytes - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / pageBytes));
    if (address !== this.end) this.free.pop();
    this.end = address + bytes;
    return { address, bytes };
  }

  private release(address: number): void {
    const entry = this.taken.get(address);
    if (!entry) return;
    this.taken.delete(address);
    let { bytes } = entry.block;
    let at = this.free.findIndex((block) => block.address > address);
    if (at < 0) at = this.free.length;
    const after = this.free.at(at);
    if (at < this.free.length && after!.address === address + bytes) {
      bytes += after!.bytes;
      this.free.splice(at, 1);
    }
    const before = at > 0 ? this.free[at - 1] : undefined;
    if (before && before.address + before.bytes === address) {
      this.free[at - 1] = { address: before.address, bytes: before.bytes + bytes };
    } else {
      this.free.splice(at, 0, { address, bytes });
    }
  }
}
