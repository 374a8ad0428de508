/** A pickle that ends before its STOP: either damaged, or its bytes were not all there yet. */
export class PickleEnds extends Error {
  override name = 'PickleEnds';
}

/** Reads a pickle's bytes one after the other. */
export class Cursor {
  readonly #view: DataView;
  #at: number;

  constructor(
    readonly bytes: Uint8Array<ArrayBuffer>,
    start = 0,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#at = start;
  }

  /** Where the next byte is. */
  get position(): number {
    return this.#at;
  }

  /** @throws PickleEnds if there are not so many bytes */
  take(length: number): Uint8Array<ArrayBuffer> {
    const begin = this.#advance(length);
    return this.bytes.subarray(begin, begin + length);
  }

  /** Up to the next line feed, which is skipped. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw new PickleEnds();
    const text = utf8(this.bytes.subarray(this.#at, end));
    this.#at = end + 1;
    return text;
  }

  uint8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  /** A length; one that no file has is as good as infinite. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true));
  }

  /** Big-endian, as pickles have it. */
  float64(): number {
    return this.#view.getFloat64(this.#advance(8), false);
  }

  #advance(length: number): number {
    const begin = this.#at;
    if (length > this.bytes.length - begin) throw new PickleEnds();
    this.#at += length;
    return begin;
  }
}

export function utf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
