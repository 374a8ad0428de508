import {
  add,
  derivatives,
  divide,
  mean,
  multiply,
  sqrt,
  subtract,
  type Rules,
  type Tensor,
} from '../../tensor/index.js';

/**
 * Layer norm with its deviation held constant, `(x - mean) / [s] weight + bias` with `s = sqrt(variance + epsilon)`: a
 * linear function of x; and root mean square norm, `x / [s]`, whose square root stands in the graph as it is. With `u = g weight / s` the gradient is `u - mean(u)`; those of weight and bias stay.
 * Source: as for constant attention.
 */
export const constantDeviation: Partial<Rules> = {
  sqrt: () => [null],
  layerNorm: (node, g) => {
    const [, weight] = node.sources;
    const [, ...others] = derivatives.layerNorm(node, g);
    return [
      () => {
        const u = divide(multiply(g, weight), deviationOf(node));
        return subtract(u, average(u));
      },
      ...others,
    ];
  },
};

const average = (t: Tensor): Tensor => mean(t, { axes: -1, keepDims: true });

const known = new WeakMap<Tensor, Tensor>();

/** The same for every gradient that passes the node, and made once. */
function deviationOf(node: Tensor): Tensor {
  const found = known.get(node);
  if (found) return found;
  const [x] = node.sources;
  const centred = subtract(x, average(x));
  const deviation = sqrt(add(average(multiply(centred, centred)), epsilonOf(node)));
  known.set(node, deviation);
  return deviation;
}

function epsilonOf({ operation }: Tensor): number {
  if (operation.kind !== 'layerNorm') throw new TypeError(`Expected a layer norm, not "${operation.kind}".`);
  return operation.epsilon;
}
