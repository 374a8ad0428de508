import type { Tensor } from '../../../tensor/index.js';
import { extents, hull, intersectRanges, shift, withRange, type Box } from '../box.js';
import { isLiteral } from '../literals.js';
import { anyBox, type BoxRules } from './box-rules.js';

/** Each part in its place. */
export const concat: BoxRules<'concat'> = {
  support({ operation: { axis }, sources }, supports) {
    let start = 0;
    return supports.reduce<Box | null>((all, support, position) => {
      const source = sources[position];
      const moved = support && !isFiller(source) ? shift(support, axis, start) : null;
      start += source.shape[axis];
      return hull(all, moved);
    }, null);
  },
  computable: anyBox,
  demands({ operation: { axis }, sources }, box, supports) {
    let start = 0;
    return sources.map((source, position) => {
      const end = start + source.shape[axis];
      const range = intersectRanges(box[axis], [start, end]);
      const part = range && shift(withRange(box, axis, range), axis, -start);
      start = end;
      return supports[position] && !isFiller(source) ? part : null;
    });
  },
  /** The parts that are not 0, zeros between them. */
  build({ operation: { axis }, sources }, box, demands, parts, nodes) {
    const shape = extents(box);
    const zeros = (extent: number): Tensor[] => (extent > 0 ? [nodes.zeros(shape.with(axis, extent))] : []);
    const pieces: Tensor[] = [];
    let [start, at] = [0, box[axis][0]];
    parts.forEach((part, position) => {
      if (part !== null) {
        const [first, end] = demands[position]![axis];
        pieces.push(...zeros(start + first - at), part);
        at = start + end;
      }
      start += sources[position].shape[axis];
    });
    return nodes.concat([...pieces, ...zeros(box[axis][1] - at)], axis);
  },
};

/** Whether a part of a concatenation is there to fill it up with zeros. */
export function isFiller(part: Tensor): boolean {
  return isLiteral(part, 0);
}
