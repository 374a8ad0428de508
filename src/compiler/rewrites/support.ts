import type { Shape, Tensor } from '../../tensor/index.js';
import { hull, intersect, intersectRanges, shift, wholeBox, withRange, type Box } from './box.js';
import { isLiteral } from './literals.js';
import { reshapeBox } from './reshape-box.js';

/**
 * A box outside which a node is 0, given those of its sources; null if it is 0 everywhere. All zeros stem from those
 * that fill up a concatenation, as around the gradient of a slice: a 0 written into a formula may be meant to show
 * where its other operand is NaN. Filler times anything is taken to be 0: where IEEE arithmetic would make NaN of a row
 * of zeros and an infinite or NaN weight, 0 stays.
 */
export function supportOf(node: Tensor, supports: readonly (Box | null)[]): Box | null {
  const { operation, shape } = node;
  const [first, second, third] = supports;
  switch (operation.kind) {
    case 'reshape':
      return first && reshapeBox(first, node.sources[0].shape, shape);
    case 'expand':
      return first && expandBox(first, node);
    case 'permute':
      return first && operation.axes.map((axis) => first[axis]);
    case 'slice': {
      const kept = first && intersectRanges(first[operation.axis], sliceRange(node, operation));
      return kept && shift(withRange(first, operation.axis, kept), operation.axis, -operation.start);
    }
    case 'concat': {
      let start = 0;
      return supports.reduce<Box | null>((all, support, position) => {
        const source = node.sources[position];
        const moved = support && !isFiller(source) ? shift(support, operation.axis, start) : null;
        start += source.shape[operation.axis];
        return hull(all, moved);
      }, null);
    }
    case 'unary':
      return operation.function === 'exp' || operation.function === 'log' ? wholeBox(shape) : first;
    case 'binary':
      switch (operation.function) {
        case 'multiply':
          return intersect(first, second);
        case 'add':
        case 'subtract':
          return hull(first, second);
        case 'geluGradient':
          return second;
        default:
          return wholeBox(shape);
      }
    case 'where':
      return hull(second, third);
    case 'reduce':
      // The axes stay with extent 1.
      return first && first.map((range, axis) => (operation.axes.includes(axis) ? [0, 1] : range));
    case 'softmaxGradient':
      return intersect(first, wholeRows(second, shape));
    case 'layerNormGradient':
      return wholeRows(third, shape);
    case 'matmul':
      return node.sources.length > 2 ? wholeBox(shape) : first && second && productBox(first, second);
    default:
      return wholeBox(shape);
  }
}

/** Whether a part of a concatenation is there to fill it up with zeros. */
export function isFiller(part: Tensor): boolean {
  return isLiteral(part, 0);
}

/** Within a row, one element that is not 0 makes others so. */
function wholeRows(box: Box | null, shape: Shape): Box | null {
  return box && withRange(box, -1, [0, shape[shape.length - 1]]);
}

function sliceRange(
  { shape }: Tensor,
  { axis, start }: { axis: number; start: number },
): [start: number, end: number] {
  return [start, start + shape[axis]];
}

function expandBox(box: Box, { sources: [{ shape: old }], shape }: Tensor): Box {
  const added = shape.length - old.length;
  return shape.map((extent, axis) =>
    axis < added || old[axis - added] !== extent ? [0, extent] : box[axis - added],
  );
}

/** Rows of a and columns of b, where they have a batch and an inner range in common. */
function productBox(a: Box, b: Box): Box | null {
  const batch = intersect(a.slice(0, -2), b.slice(0, -2));
  const inner = intersectRanges(a[a.length - 1], b[b.length - 2]);
  return batch && inner && [...batch, a[a.length - 2], b[b.length - 1]];
}
