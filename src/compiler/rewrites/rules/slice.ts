import { intersectRanges, shift, withRange } from '../box.js';
import { anyBox, present, type BoxRules } from './box-rules.js';

export const slice: BoxRules<'slice'> = {
  support({ operation: { axis, start }, shape }, [support]) {
    const kept = support && intersectRanges(support[axis], [start, start + shape[axis]]);
    return kept && shift(withRange(support, axis, kept), axis, -start);
  },
  computable: anyBox,
  demands: ({ operation: { axis, start } }, box) => [shift(box, axis, start)],
  // What was asked for is cut already.
  build: (_, _box, _demands, sources) => present(sources)[0],
};
