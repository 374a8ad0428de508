import { multiply, normalCdf, type Rules } from '../../tensor/index.js';

/**
 * GELU as a product `x [Phi(x)]` whose factor, the normal distribution function, is held constant: the gradient is
 * `g Phi(x)`, without the product rule's second term. There is no division `y / x`, and so nothing to guard at 0.
 * Source: as for constant attention.
 */
export const geluAsFactor: Partial<Rules> = {
  gelu: ({ sources: [x] }, g) => [() => multiply(g, normalCdf(x))],
};
