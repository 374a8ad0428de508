const IMAGE = 0x2c;
const EXTENSION = 0x21;

/** Where the first frame of a GIF lies on its canvas, in pixels, and how many pixels its data hold. */
export interface GifFrame {
  readonly canvas: { readonly width: number; readonly height: number };
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly pixels: number;
}

/**
 * Source: the GIF89a specification.
 *
 * @returns undefined if there is no frame, or the bytes end inside of it
 */
export function firstGifFrame(bytes: Buffer): GifFrame | undefined {
  if (bytes.length < 13) return undefined;
  let at = 13 + colourTableBytes(bytes[10]);
  while (bytes[at] === EXTENSION) at = collectBlocks(bytes, at + 2).end;
  if (bytes[at] !== IMAGE || at + 11 > bytes.length) return undefined;
  const data = at + 10 + colourTableBytes(bytes[at + 9]);
  const [left, top, width, height] = [1, 3, 5, 7].map((offset) => bytes.readUInt16LE(at + offset));
  return {
    canvas: { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) },
    left,
    top,
    width,
    height,
    pixels: countPixels(collectBlocks(bytes, data + 1).content, bytes[data]),
  };
}

function colourTableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** The content of blocks that each begin with their length, up to an empty one. */
function collectBlocks(bytes: Buffer, from: number): { content: Buffer; end: number } {
  const blocks: Buffer[] = [];
  let at = from;
  for (; bytes[at] > 0; at += 1 + bytes[at]) blocks.push(bytes.subarray(at + 1, at + 1 + bytes[at]));
  return { content: Buffer.concat(blocks), end: at + 1 };
}

/** How many pixels the LZW codes stand for. A code is known by the length of its string alone. */
function countPixels(content: Buffer, colourBits: number): number {
  const clear = 2 ** colourBits;
  const lengths = new Uint16Array(4096).fill(1, 0, clear);
  let [next, codeBits, previous] = [clear + 2, colourBits + 1, 0];
  let [pixels, buffer, bits] = [0, 0, 0];
  for (const byte of content) {
    buffer |= byte << bits;
    bits += 8;
    while (bits >= codeBits) {
      const code = buffer & (2 ** codeBits - 1);
      buffer >>>= codeBits;
      bits -= codeBits;
      if (code === clear + 1) return pixels;
      if (code === clear) {
        [next, codeBits, previous] = [clear + 2, colourBits + 1, 0];
        continue;
      }
      // The first code after a clearing makes no string.
      if (previous > 0 && next < 4096) lengths[next++] = previous + 1;
      if (code >= next) return pixels;
      if (next === 2 ** codeBits && codeBits < 12) codeBits++;
      previous = lengths[code];
      pixels += previous;
    }
  }
  return pixels;
}
