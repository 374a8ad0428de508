import type { AttentionForm, ReadAttention } from '../../pipeline/index.js';

/** Ways in which heads are fused, as `fuseHeads` does. */
const fusions = ['mean', 'max', 'min'] as const;
export type Fusion = (typeof fusions)[number];

/** What of stored attention says how it is to be read. */
export type Planes = Pick<ReadAttention, 'form' | 'planes'>;

const fusionsOf: Readonly<Record<AttentionForm, readonly Fusion[]>> = {
  heads: fusions,
  fusions,
  mean: ['mean'],
  query: [],
};

/** Those for which there are whole matrices. */
export const fusionsIn = ({ form }: Pick<Planes, 'form'>): readonly Fusion[] => fusionsOf[form];

/**
 * The heads of a layer as one matrix, in each way that there is.
 * @param layer of at least 0. `[planes, rows, tokens]`
 * @param room as it was given back of another layer, to be used again
 */
export function fused(
  { form, planes }: Planes,
  layer: Float32Array,
  room?: readonly Float32Array[],
): readonly Float32Array[] {
  const area = layer.length / planes.length;
  if (form !== 'heads') {
    return fusionsOf[form].map((_, plane) => layer.subarray(plane * area, (plane + 1) * area));
  }
  const found = room ?? fusions.map(() => new Float32Array(area));
  fuse(layer, planes.length, found);
  return found;
}

/**
 * With plain variables, on its own: in a process that writes one page, nothing else makes this fast before it is done. Bits of numbers
 * of at least 0 are in the order of these; compared by them there is no branch, which of values in no order would be foretold wrongly.
 */
function fuse(layer: Float32Array, planes: number, [mean, max, min]: readonly Float32Array[]): void {
  const bits = bitsOf(layer);
  const [maxBits, minBits] = [bitsOf(max), bitsOf(min)];
  const end = layer.length;
  const area = end / planes;
  const share = 1 / planes;
  for (let i = 0; i < area; i++) {
    let sum = layer[i];
    let largest = bits[i];
    let smallest = largest;
    for (let at = i + area; at < end; at += area) {
      sum += layer[at];
      const over = bits[at] - largest;
      const under = bits[at] - smallest;
      largest += over & ~(over >> 31);
      smallest += under & (under >> 31);
    }
    mean[i] = share * sum;
    maxBits[i] = largest;
    minBits[i] = smallest;
  }
}

function bitsOf({ buffer, byteOffset, length }: Float32Array): Int32Array {
  return new Int32Array(buffer, byteOffset, length);
}
