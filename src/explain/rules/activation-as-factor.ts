import { multiply, normalCdf, sigmoid, type Rules } from '../../tensor/index.js';

/**
 * Activations as products `x [f(x)]` whose factor is held constant: the gradient is `g f(x)`, without the product rule's
 * second term. There is no division `y / x`, and so nothing to guard at 0. The factor of GELU is the normal distribution
 * function; SiLU, quick GELU and GELU by tanh have a logistic function, which stands in the graph as it is. Of SwiGLU,
 * `[silu(gate)] value`, nothing reaches the gate.
 * Source: as for constant attention.
 */
export const activationAsFactor: Partial<Rules> = {
  gelu: ({ sources: [x] }, g) => [() => multiply(g, normalCdf(x))],
  sigmoid: () => [null],
  swiGlu: ({ sources: [gate] }, g) => [null, () => multiply(g, multiply(gate, sigmoid(gate)))],
};
