import { createHash } from 'node:crypto';
import { openWeights } from '../../src/node/models/open-weights.js';

/** What the digests of the files leave out: of one that classifies by two features a number, all but the backbone. */
function isBeside(name: string, path: string): boolean {
  return name.startsWith('extra.') || (path.includes('-classifier/') && name.startsWith('head.'));
}

/**
 * SHA-256 of all tensors of a checkpoint as float32, in the sorted order of timm's names; those called `extra.` are left out.
 */
export async function digestOf(path: string): Promise<{ tensors: number; sha256: string }> {
  const { checkpoint } = await openWeights(path);
  const hash = createHash('sha256');
  const names = [...checkpoint.tensors.keys()].filter((name) => !isBeside(name, path)).sort();
  for (const name of names) {
    const values = await checkpoint.tensors.get(name)!.read();
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return { tensors: names.length, sha256: hash.digest('hex') };
}
