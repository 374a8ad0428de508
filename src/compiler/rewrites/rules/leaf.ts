import type { KindOf } from '../../../tensor/index.js';
import { wholeBox } from '../box.js';
import type { BoxRules } from './box-rules.js';

/** Nothing is known of the elements, and they are there all at once. */
export const leaf: BoxRules<KindOf<'leaf'>> = {
  support: ({ shape }) => wholeBox(shape),
  computable: ({ shape }) => wholeBox(shape)!,
  demands: () => [],
  build: (node) => node,
};
