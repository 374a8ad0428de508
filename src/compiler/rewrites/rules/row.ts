import { operations, type KindOf, type Shape } from '../../../tensor/index.js';
import { intersect, wholeBox, withRange, type Box } from '../box.js';
import { buildSame, type BoxRules } from './box-rules.js';

/** Within a row, each element depends on all. */
export const row: BoxRules<KindOf<'row'>> = {
  support({ operation: { kind }, shape }, supports) {
    const { zeros } = operations[kind];
    if (zeros === 'nowhere') return wholeBox(shape);
    const boxes = [
      ...zeros.any.map((position) => supports[position]),
      ...zeros.rows.map((position) => supports[position] && wholeRows(supports[position], shape)),
    ];
    return boxes.reduce(intersect);
  },
  computable: ({ shape }, box) => wholeRows(box, shape),
  demands: ({ sources }, box) => sources.map(({ rank }) => (rank === box.length ? box : box.slice(-rank))),
  build: buildSame,
};

/** One element that is not 0 makes others of its row so. */
function wholeRows(box: Box, shape: Shape): Box {
  return withRange(box, -1, [0, shape[shape.length - 1]]);
}
