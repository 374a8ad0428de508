import { attributes, type Vjp } from '../vjp.js';
import { equal } from './compare.js';
import { divide } from './divide.js';
import { expand } from './expand.js';
import { multiply } from './multiply.js';
import { sum } from './sum.js';

/**
 * Of a maximum and a minimum: `g` to the element that was chosen, in equal parts if several are equal, as PyTorch's
 * `amax` does.
 */
export const chosenVjp: Vjp = (y, g) => {
  const [x] = y.sources;
  const { axes } = attributes(y, 'max', 'min');
  return [
    () => {
      const chosen = equal(x, y);
      return divide(multiply(chosen, expand(g, x.shape)), sum(chosen, { axes, keepDims: true }));
    },
  ];
};
