import { contiguousStrides, operations, type Shape, type Tensor } from '../tensor/index.js';
import { countUses } from './uses.js';
import { isContiguous, permuteView, reshapeView, sliceView, type View } from './view.js';

/**
 * Places for the parts of concatenations, so that they are computed where they belong instead of being copied there:
 * a part that nothing else uses is a range of the whole.
 * @param order the nodes that are lowered, sources first
 * @param allocate gives a new buffer
 * @param stridesAtWill whether a node can write to any strides, not only row-major
 * @param isPermuted whether a node is to be written in the order of axes in which it will be read, if a permutation and
 *   a reshape, which would copy it, are all that follows
 * @returns views of the shape of each node that has a place, concatenations among them
 */
export function placeParts(
  order: readonly Tensor[],
  roots: readonly Tensor[],
  allocate: (shape: Shape) => View,
  { stridesAtWill, isPermuted }: Record<'stridesAtWill' | 'isPermuted', (node: Tensor) => boolean>,
): Map<Tensor, View> {
  const places = new Map<Tensor, View>();
  const uses = countUses(order, roots);
  const permuted = solePermutations(order, uses);
  const reshaped = reshapedAfterwards(order, uses);
  // The whole before its parts, which may be concatenations themselves.
  for (const node of order.toReversed()) {
    const { operation, sources } = node;
    if (isPermuted(node) && !places.has(node) && reshaped.has(node)) {
      places.set(node, allocatePermuted(node, permuted.get(node), allocate));
    }
    if (operation.kind !== 'concat') continue;
    const whole = places.get(node) ?? allocatePermuted(node, permuted.get(node), allocate);
    places.set(node, whole);
    let start = 0;
    for (const source of sources) {
      const place = sliceView(whole, operation.axis, start, source.shape);
      start += source.shape[operation.axis];
      const origin = throughViews(source, place, uses);
      if (!origin) continue;
      const { node: maker, place: target } = origin;
      if (stridesAtWill(maker)) places.set(maker, target);
      else if (isContiguous(target)) {
        places.set(maker, { ...target, strides: contiguousStrides(target.shape) });
      }
    }
  }
  return places;
}

/** The permutation that is the only consumer of a node. */
function solePermutations(
  order: readonly Tensor[],
  uses: ReadonlyMap<Tensor, number>,
): Map<Tensor, readonly number[]> {
  const permutations = new Map<Tensor, readonly number[]>();
  for (const { operation, sources } of order) {
    if (operation.kind === 'permute' && uses.get(sources[0]) === 1)
      permutations.set(sources[0], operation.axes);
  }
  return permutations;
}

/** The nodes whose only consumer is a permutation, whose only consumer is a reshape. */
function reshapedAfterwards(order: readonly Tensor[], uses: ReadonlyMap<Tensor, number>): Set<Tensor> {
  const found = new Set<Tensor>();
  for (const { operation, sources } of order) {
    if (operation.kind !== 'reshape' || uses.get(sources[0]) !== 1) continue;
    const [permutation] = sources;
    if (permutation.operation.kind === 'permute' && uses.get(permutation.sources[0]) === 1) {
      found.add(permutation.sources[0]);
    }
  }
  return found;
}

/** A buffer that is row-major in the order of axes in which it will be read, as a reshape behind it needs it. */
function allocatePermuted(
  { shape }: Tensor,
  axes: readonly number[] | undefined,
  allocate: (shape: Shape) => View,
): View {
  if (!axes) return allocate(shape);
  return permuteView(allocate(axes.map((axis) => shape[axis])), invert(axes));
}

/** The node that a part is a view of, and where it must write; undefined if others see it, or the place has gaps. */
function throughViews(
  part: Tensor,
  at: View,
  uses: ReadonlyMap<Tensor, number>,
): { node: Tensor; place: View } | undefined {
  let [node, place] = [part, at];
  while (uses.get(node) === 1) {
    const { operation, sources } = node;
    if (operation.kind === 'permute') {
      place = permuteView(place, invert(operation.axes));
    } else if (operation.kind === 'reshape') {
      const reshaped = reshapeView(place, sources[0].shape);
      if (!reshaped) return undefined;
      place = reshaped;
    } else {
      const { acts } = operations[operation.kind];
      return acts === 'leaf' || acts === 'view' ? undefined : { node, place };
    }
    [node] = sources;
  }
  return undefined;
}

function invert(axes: readonly number[]): number[] {
  return axes.map((_, axis) => axes.indexOf(axis));
}
