import { createHash } from 'node:crypto';
import { openWeights } from '../../src/node/models/open-weights.js';

/**
 * SHA-256 of all tensors of a checkpoint as float32, in the sorted order of timm's names; those called `extra.` are left out.
 */
export async function digestOf(path: string): Promise<{ tensors: number; sha256: string }> {
  const { checkpoint } = await openWeights(path);
  const hash = createHash('sha256');
  const names = [...checkpoint.tensors.keys()].filter((name) => !name.startsWith('extra.')).sort();
  for (const name of names) {
    const values = await checkpoint.tensors.get(name)!.read();
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return { tensors: names.length, sha256: hash.digest('hex') };
}
