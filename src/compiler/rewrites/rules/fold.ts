import { operations, type Reduction } from '../../../tensor/index.js';
import type { Range } from '../box.js';
import { anyBox, buildSame, type BoxRules } from './box-rules.js';

export const fold: BoxRules<Reduction> = {
  support: ({ operation: { axes } }, [support]) =>
    support && support.map((range, axis): Range => (axes.includes(axis) ? [0, 1] : range)),
  computable: anyBox,
  demands({ operation: { kind, axes }, sources: [x] }, box, [support]) {
    const folded = (axis: number): Range =>
      operations[kind].zeros === 'skipped' ? support![axis] : [0, x.shape[axis]];
    return [box.map((range, axis) => (axes.includes(axis) ? folded(axis) : range))];
  },
  build: buildSame,
};
