import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

/**
 * What a result says of itself, so that it is known again: that vitrine wrote it, and a digest of what its name does not say.
 * A digest, because a picture that is passed on need not tell whose folders it came from.
 * @param picture what tells the picture from others
 * @param weights the checkpoint that was asked for by its path, if one was
 */
export function markOf(picture: string | Buffer, weights: string | undefined): string {
  const [of, by] = [picture, weights ?? ''].map((part) => createHash('sha256').update(part).digest());
  const digest = createHash('sha256').update(of).update(by).digest('hex');
  return `vitrine, subject ${digest.slice(0, 32)}`;
}

/** A picture with a mark. */
export function marked(picture: Uint8Array, mark: string): Uint8Array {
  const file = Buffer.from(picture.buffer, picture.byteOffset, picture.byteLength);
  if (file.toString('latin1', 0, 4) === 'GIF8') return markedGif(file, mark);
  return file.toString('latin1', 0, 4) === 'RIFF' ? markedRiff(file, mark) : markedPng(file, mark);
}

const HEADER_END = 33; // bytes: the signature and the first chunk

/** Behind its header, in the chunk that is for what wrote a picture. */
function markedPng(png: Buffer, mark: string): Uint8Array {
  const named = Buffer.from(`tEXtSoftware\0${mark}`, 'latin1');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(named.length - 4);
  const zipped = gzipSync(named);
  // Gzip ends with the checksum that PNG asks for, its bytes turned, and a length; Node 20.11 has no function for it alone.
  const checksum = zipped.subarray(-8, -4).reverse();
  return Buffer.concat([png.subarray(0, HEADER_END), length, named, checksum, png.subarray(HEADER_END)]);
}

/** As a comment, before the byte that ends it. */
function markedGif(gif: Buffer, mark: string): Uint8Array {
  const text = Buffer.from(mark, 'latin1');
  const comment = Buffer.concat([Buffer.of(0x21, 0xfe, text.length), text, Buffer.of(0)]);
  return Buffer.concat([gif.subarray(0, -1), comment, gif.subarray(-1)]);
}

/** Of WebP, at its end, in a chunk that decoders pass over. */
function markedRiff(riff: Buffer, mark: string): Uint8Array {
  const text = Buffer.from(mark.padEnd(mark.length + (mark.length % 2)), 'latin1');
  const head = Buffer.from('MARK\0\0\0\0', 'latin1');
  head.writeUInt32LE(text.length, 4);
  const all = Buffer.concat([riff, head, text]);
  all.writeUInt32LE(all.length - 8, 4);
  return all;
}

const HEAD = 256; // bytes, in which a mark lies
const TAIL = 64;

/** Where a mark stands in a picture, and in a document. */
const places = [
  /^\x89PNG.{33}tEXtSoftware\0(vitrine, subject [0-9a-f]{32})/s,
  /^\{\s*"generator":\s*"(vitrine, subject [0-9a-f]{32})"/,
  /^GIF8.*(vitrine, subject [0-9a-f]{32})\0;$/s,
  /^RIFF.*MARK.{4}(vitrine, subject [0-9a-f]{32}) ?$/s,
];

/** The mark of a file; undefined if it has none, or cannot be read. */
export async function markIn(path: string): Promise<string | undefined> {
  const ends = await endsOf(path).catch(() => '');
  return places.map((place) => place.exec(ends)?.[1]).find((mark) => mark !== undefined);
}

/** Its first bytes and its last. */
async function endsOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const head = await file.read(Buffer.alloc(HEAD));
    const begin = head.buffer.toString('latin1', 0, head.bytesRead);
    if (size <= head.bytesRead) return begin;
    const tail = await file.read(Buffer.alloc(TAIL), { position: Math.max(head.bytesRead, size - TAIL) });
    return begin + tail.buffer.toString('latin1', 0, tail.bytesRead);
  } finally {
    await file.close();
  }
}
