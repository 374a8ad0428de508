import { derivatives, exp, multiply, subtract, type Rules } from '../../tensor/index.js';

/**
 * GELU as a product `x [Phi(x)]` whose factor, the normal distribution function, is held constant: the gradient is
 * `g Phi(x)`. That is the true one without the product rule's second term, `x phi(x)`; there is no division `y / x`, and
 * so nothing to guard at 0.
 * Source: as for constant attention.
 */
export const geluAsFactor: Partial<Rules> = {
  gelu: (node, g) => {
    const [x] = node.sources;
    const [whole] = derivatives.gelu(node, g);
    const density = multiply(exp(multiply(multiply(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return [() => subtract(whole!(), multiply(g, multiply(x, density)))];
  },
};
