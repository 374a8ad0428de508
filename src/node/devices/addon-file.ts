import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/**
 * Why a file is no addon for this process, as the end of a sentence, as far as its first bytes tell: of one for another
 * processor the loader says that there is no such file, and one that is cut off ends the process.
 * @returns undefined if nothing speaks against loading it, or files of machine code are not ELF here
 * @throws what the file system throws
 */
export function whyForeign(path: string): string | undefined {
  const own = readHead(process.execPath);
  if (!own) return undefined;
  const head = readHead(path);
  if (head?.kind !== own.kind) {
    return `is damaged, or was built for another system or processor than ${process.platform} ${process.arch}`;
  }
  return head.bytes < head.needed ? 'is cut off before its end' : undefined;
}

/** What an ELF file says about itself. */
interface Head {
  /** Word length, byte order and processor. */
  readonly kind: string;
  /** What the file has, and what it needs up to its table of sections, which linkers write last. */
  readonly bytes: number;
  readonly needed: number;
}

/**
 * Source: the ELF specification, for files of 64 and 32 bits.
 * @returns undefined for a file of another format
 */
function readHead(path: string): Head | undefined {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(64);
    readSync(file, head, 0, head.length, 0);
    if (head.toString('latin1', 0, 4) !== '\x7fELF') return undefined;
    const [is64, isLittle] = [head[4] === 2, head[5] === 1];
    const number = (at: number, size: number): number => {
      const bytes = Buffer.from(head.subarray(at, at + size));
      if (isLittle) bytes.reverse();
      return parseInt(bytes.toString('hex'), 16);
    };
    const table = is64 ? number(40, 8) : number(32, 4);
    const [entryBytes, entries] = (is64 ? [58, 60] : [46, 48]).map((at) => number(at, 2));
    const kind = `${is64} ${isLittle} ${number(18, 2)}`;
    return { kind, bytes: fstatSync(file).size, needed: table + entryBytes * entries };
  } finally {
    closeSync(file);
  }
}
