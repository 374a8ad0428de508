import { open, type FileHandle } from 'node:fs/promises';
import { UsageError } from '../../errors.js';
import type { Item, Surroundings } from './item.js';
import { isPictureName } from './picture-names.js';

const BLOCK = 512; // bytes

/** More than any name or table of attributes takes. */
const LONGEST_NAME = 2 ** 20;

/**
 * The pictures of an archive, in its order. Only headers are read: the pictures are taken from their places later, by any
 * process, in any order.
 * @param path of the archive
 * @param stored where its bytes are, if it was compressed
 * @throws UsageError if it is damaged
 */
export async function itemsOfTar(
  path: string,
  { relative }: Pick<Surroundings, 'relative'>,
  stored = path,
): Promise<Item[]> {
  const file = await open(stored);
  try {
    const items: Item[] = [];
    for await (const { name, offset, size } of entriesOf(file, path)) {
      if (!isPictureName(name)) continue;
      items.push({ name: `${relative(path)}/${name}`, place: { kind: 'tar', path, offset, size } });
    }
    return items;
  } finally {
    await file.close();
  }
}

interface Entry {
  readonly name: string;
  /** Of its bytes. */
  readonly offset: number;
  readonly size: number;
}

const files: readonly string[] = ['File', 'OldFile', 'ContiguousFile'];

async function* entriesOf(file: FileHandle, path: string): AsyncGenerator<Entry> {
  const { Header, Pax } = await import('tar');
  const { size: total } = await file.stat();
  let at = 0;
  // What extended headers say of the next file.
  let next: { path?: string | undefined; size?: number | undefined } = {};
  while (at + BLOCK <= total) {
    const block = await bytesOf(file, at, BLOCK);
    at += BLOCK;
    // Two empty blocks end an archive; some have one.
    if (block.every((byte) => byte === 0)) return;
    const header = headerOf(Header, block);
    if (!header?.cksumValid) throw damaged(path);
    const isFile = files.includes(header.type);
    const size = (isFile ? next.size : undefined) ?? header.size ?? 0;
    // A table of attributes may say anything.
    if (!Number.isSafeInteger(size) || size < 0) throw damaged(path);
    if (at + (isFile ? size : 0) > total) throw damaged(path);
    if (header.type === 'ExtendedHeader') {
      const { path: name, size: given } = Pax.parse((await textOf(file, at, size, path)).toString());
      next = { ...next, ...(name === undefined ? {} : { path: name }), ...(given === undefined ? {} : { size: given }) }; // prettier-ignore
    } else if (header.type === 'NextFileHasLongPath') {
      next = { ...next, path: (await textOf(file, at, size, path)).toString().replace(/\0.*$/s, '') };
    } else if (header.type !== 'GlobalExtendedHeader') {
      if (isFile) yield { name: next.path ?? header.path ?? '', offset: at, size };
      next = {};
    }
    at += Math.ceil(size / BLOCK) * BLOCK;
  }
}

/** Undefined of what is none: a number may be written so that none can be read. */
function headerOf<Header>(Header: new (block: Buffer) => Header, block: Buffer): Header | undefined {
  try {
    return new Header(block);
  } catch {
    return undefined;
  }
}

function textOf(file: FileHandle, at: number, size: number, path: string): Promise<Buffer> {
  if (size > LONGEST_NAME) throw damaged(path);
  return bytesOf(file, at, size);
}

async function bytesOf(file: FileHandle, at: number, size: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, at);
  return buffer.subarray(0, bytesRead);
}

function damaged(path: string): UsageError {
  return new UsageError(`The archive ${path} is damaged or cut off: copy or download it again.`);
}
