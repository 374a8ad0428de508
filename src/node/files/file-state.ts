import type { BigIntStats } from 'node:fs';

/** What a file is now. */
export interface FileState {
  /** Where it lies, how large it is, when it was last written: tells one content from another. */
  readonly content: string;
  /** When anything of it, or what is said of it, was last changed, which nobody chooses: in nanoseconds. */
  readonly changed: bigint;
}

export function stateOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): FileState {
  return { content: [dev, ino, size, mtimeNs].join(), changed: mtimeNs > ctimeNs ? mtimeNs : ctimeNs };
}
