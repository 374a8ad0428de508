import type { Tensor } from '../../tensor/index.js';
import {
  intersect,
  intersectRanges,
  sameRange,
  shift,
  wholeBox,
  withRange,
  type Box,
  type Range,
} from './box.js';
import { reshapeBox } from './reshape-box.js';
import { isFiller } from './support.js';

/** The smallest box around the given one that the node's operation can compute for itself. */
export function computableBox({ operation, sources, shape }: Tensor, box: Box): Box {
  switch (operation.kind) {
    case 'input':
    case 'constant':
      return wholeBox(shape)!;
    case 'reshape':
      return reshapeBox(reshapeBox(box, shape, sources[0].shape), sources[0].shape, shape);
    case 'softmax':
    case 'softmaxGradient':
    case 'layerNorm':
    case 'layerNormGradient':
    case 'largestMask':
      return wholeRows(box, shape);
    default:
      return box;
  }
}

/**
 * What a node needs of each source to compute a box of itself; null where it needs nothing.
 * @param supports of the sources
 */
export function demandsOf(node: Tensor, box: Box, supports: readonly (Box | null)[]): (Box | null)[] {
  const { operation, sources } = node;
  switch (operation.kind) {
    case 'input':
    case 'constant':
      return [];
    case 'reshape':
      return [reshapeBox(box, node.shape, sources[0].shape)];
    case 'expand': {
      const added = node.rank - sources[0].rank;
      return [
        sources[0].shape.map((extent, axis) =>
          extent === node.shape[axis + added] ? box[axis + added] : [0, extent],
        ),
      ];
    }
    case 'permute':
      return [operation.axes.map((_, axis) => box[operation.axes.indexOf(axis)])];
    case 'slice':
      return [shift(box, operation.axis, operation.start)];
    case 'concat': {
      let start = 0;
      return sources.map((source, position) => {
        const end = start + source.shape[operation.axis];
        const range = intersectRanges(box[operation.axis], [start, end]);
        const part = range && shift(withRange(box, operation.axis, range), operation.axis, -start);
        start = end;
        return supports[position] && !isFiller(source) ? part : null;
      });
    }
    case 'binary':
      return operation.function === 'add' || operation.function === 'subtract'
        ? sumDemands(operation.function, box, supports)
        : [box, box];
    case 'reduce': {
      const [source] = sources;
      const folded = (axis: number): Range =>
        // Zeros add nothing to a sum; they do take part in a mean, a maximum and a minimum.
        operation.function === 'sum' ? supports[0]![axis] : [0, source.shape[axis]];
      return [box.map((range, axis) => (operation.axes.includes(axis) ? folded(axis) : range))];
    }
    case 'layerNorm':
    case 'layerNormGradient': {
      const row = box.slice(-1);
      return operation.kind === 'layerNorm' ? [box, row, row] : [box, row, box];
    }
    case 'matmul':
      return productDemands(node, box, supports);
    default:
      return sources.map(() => box);
  }
}

function wholeRows(box: Box, shape: readonly number[]): Box {
  return withRange(box, -1, [0, shape[shape.length - 1]]);
}

/**
 * Where one term is 0 throughout it is left out. Where it is 0 before and behind a range of one axis only that range
 * is asked for: there the terms are added, beside it the other is copied. Else zeros are filled in and added.
 */
function sumDemands(name: 'add' | 'subtract', box: Box, supports: readonly (Box | null)[]): (Box | null)[] {
  const [a, b] = supports.map((support) => intersect(support, box));
  if (b === null) return [box, null];
  if (a === null) return name === 'add' ? [null, box] : [box, box];
  const [besideA, besideB] = [a, b].map(
    (part) => box.filter((range, axis) => !sameRange(range, part[axis])).length,
  );
  const splits = besideA === 0 ? besideB === 1 : besideB === 0 && besideA === 1 && name === 'add';
  return splits ? [a, b] : [box, box];
}

/** Rows of a, columns of b, and of the axis that is summed over only where neither is 0. */
function productDemands(node: Tensor, box: Box, [a, b]: readonly (Box | null)[]): Box[] {
  const inner = node.sources[0].shape[node.rank - 1];
  const common = a && b && intersectRanges(a[a.length - 1], b[b.length - 2]);
  const summed: Range = common ?? [0, inner];
  const [rows, columns] = box.slice(-2);
  const batch = box.slice(0, -2);
  const operands = [
    [...batch, rows, summed],
    [...batch, summed, columns],
  ];
  return node.sources.length > 2 ? [...operands, [columns]] : operands;
}
