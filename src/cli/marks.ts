import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

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

const HEADER_END = 33; // bytes: the signature and the first chunk

/** A PNG with a mark behind its header, in the chunk that is for what wrote a picture. */
export function marked(png: Uint8Array, mark: string): Uint8Array {
  const named = Buffer.from(`tEXtSoftware\0${mark}`, 'latin1');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(named.length - 4);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(named));
  return Buffer.concat([png.subarray(0, HEADER_END), length, named, checksum, png.subarray(HEADER_END)]);
}

const HEAD = 256; // bytes, in which a mark lies

/** Where a mark stands in a picture, in a document, in a file of tensors, and in a page. */
const places = [
  /^\x89PNG.{33}tEXtSoftware\0(vitrine, subject [0-9a-f]{32})/s,
  /^.{8}\{"__metadata__":\{"format":"pt","generator":"(vitrine, subject [0-9a-f]{32})"/s,
  /^<!doctype html>\n<html lang="en">\n<head>\n<meta name="generator" content="(vitrine, subject [0-9a-f]{32})"/,
  /^\{\s*"generator":\s*"(vitrine, subject [0-9a-f]{32})"/,
];

/** Files that have no room for a mark are known by the document beside them. */
const bare = /\.(csv|npy|gif|webp)$/;

/** The mark of a file; undefined if it has none, or cannot be read. */
export async function markIn(path: string): Promise<string | undefined> {
  const head = await headOf(path.replace(bare, '.json')).catch(() => '');
  return places.map((place) => place.exec(head)?.[1]).find((mark) => mark !== undefined);
}

async function headOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD));
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}
