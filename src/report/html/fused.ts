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
 * @param layer `[planes, rows, tokens]`
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

/** With plain variables, on its own: in a process that writes one page, nothing else makes this fast before it is done. */
function fuse(layer: Float32Array, planes: number, [mean, max, min]: readonly Float32Array[]): void {
  const end = layer.length;
  const area = end / planes;
  const share = 1 / planes;
  for (let i = 0; i < area; i++) {
    let sum = layer[i];
    let largest = sum;
    let smallest = sum;
    for (let at = i + area; at < end; at += area) {
      const value = layer[at];
      sum += value;
      if (value > largest) largest = value;
      else if (value < smallest) smallest = value;
    }
    mean[i] = share * sum;
    max[i] = largest;
    min[i] = smallest;
  }
}
