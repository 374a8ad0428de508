import { intersect, intersectRanges, wholeBox, type Range } from '../box.js';
import { anyBox, buildSame, type BoxRules } from './box-rules.js';

export const matmul: BoxRules<'matmul'> = {
  /** Rows of a and columns of b, where they have a batch and an inner range in common. */
  support({ sources, shape }, [a, b]) {
    if (sources.length > 2) return wholeBox(shape);
    if (a === null || b === null) return null;
    const batch = intersect(a.slice(0, -2), b.slice(0, -2));
    const inner = intersectRanges(a[a.length - 1], b[b.length - 2]);
    return batch && inner && [...batch, a[a.length - 2], b[b.length - 1]];
  },
  computable: anyBox,
  /** Rows of a, columns of b, and of the axis that is summed over only where neither is 0. */
  demands({ sources, rank }, box, [a, b]) {
    const inner = sources[0].shape[rank - 1];
    const common = a && b && intersectRanges(a[a.length - 1], b[b.length - 2]);
    const summed: Range = common ?? [0, inner];
    const [rows, columns] = box.slice(-2);
    const batch = box.slice(0, -2);
    const operands = [
      [...batch, rows, summed],
      [...batch, summed, columns],
    ];
    return sources.length > 2 ? [...operands, [columns]] : operands;
  },
  build: buildSame,
};
