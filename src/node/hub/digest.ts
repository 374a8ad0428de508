import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/**
 * What the hub knows the contents of a file by, in hexadecimal: its own hash for large files, and for small ones, such
 * as configurations, the name that git gives them.
 */
export interface Digest {
  readonly kind: 'sha256' | 'git';
  readonly hex: string;
}

/** How many digits each has: it becomes a part of a path. */
const lengths: Readonly<Record<Digest['kind'], number>> = { sha256: 64, git: 40 };

export function isDigest({ kind, hex }: Digest): boolean {
  return hex.length === lengths[kind] && /^[0-9a-f]+$/.test(hex);
}

/** Of the same kind, of a file that is here. @param size of it, in bytes */
export async function digestOfFile(path: string, kind: Digest['kind'], size: number): Promise<string> {
  const hash = createHash(kind === 'git' ? 'sha1' : 'sha256');
  if (kind === 'git') hash.update(`blob ${size}\0`);
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
