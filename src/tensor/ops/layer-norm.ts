import { ShapeError } from '../../errors.js';
import { expectGiven, notNegative } from '../../given.js';
import type { Facts } from '../facts.js';
import { formatShape, sameShape } from '../shape.js';
import { checkTensors, literal, Tensor } from '../tensor.js';
import { attributes } from '../vjp.js';
import { add } from './add.js';
import { divide } from './divide.js';
import { expand } from './expand.js';
import { mean } from './mean.js';
import { multiply } from './multiply.js';
import { sqrt } from './sqrt.js';
import { subtract } from './subtract.js';
import { sum } from './sum.js';

/**
 * Normalises the last axis to mean 0 and variance 1, then scales and shifts:
 * `(x - mean) / sqrt(variance + epsilon) * weight + bias`. The variance is the biased one, computed in a second
 * pass about the mean.
 * Source: Ba, Kiros and Hinton, "Layer Normalization", 2016, equations 3 and 4.
 * @param x `[..., n]`
 * @param weight `[n]`
 * @param bias `[n]`
 * @param epsilon added to the variance; 1e-6 in timm's vision transformers
 * @throws ShapeError if weight or bias do not have the extent of the last axis
 */
export function layerNorm(x: Tensor, weight: Tensor, bias: Tensor, epsilon: number): Tensor {
  checkTensors('layerNorm', x, weight, bias);
  expectGiven('layerNorm: epsilon', epsilon, notNegative, ShapeError);
  const width = x.shape.slice(-1);
  if (x.rank === 0 || !sameShape(weight.shape, width) || !sameShape(bias.shape, width)) {
    throw new ShapeError(
      `layerNorm: input ${formatShape(x.shape)} needs weight and bias of shape ${formatShape(width)}, ` +
        `not ${formatShape(weight.shape)} and ${formatShape(bias.shape)}.`,
    );
  }
  return new Tensor({ kind: 'layerNorm', epsilon }, [x, weight, bias], x.shape);
}

/**
 * The gradient of layerNorm with respect to x, `[..., n]`. With `u = g weight` and `z = (x - mean) / s`,
 * `s = sqrt(variance + epsilon)`: `(u - mean(u) - z mean(u z)) / s`. One kernel.
 */
function layerNormGradient(x: Tensor, weight: Tensor, g: Tensor, epsilon: number): Tensor {
  return new Tensor({ kind: 'layerNormGradient', epsilon }, [x, weight, g], x.shape);
}

export const layerNormFacts: Facts<'row'> = {
  acts: 'row',
  zeros: 'nowhere',
  vjp: (node, g) => {
    const { epsilon } = attributes(node, 'layerNorm');
    const [x, weight] = node.sources;
    const rows = x.shape.slice(0, -1).map((_, axis) => axis);
    return [
      () => layerNormGradient(x, weight, g, epsilon),
      () => sum(multiply(g, normalise(x, epsilon)), { axes: rows }),
      () => sum(g, { axes: rows }),
    ];
  },
};

/** `(x - mean) / sqrt(variance + epsilon)`: layerNorm before scale and shift. */
function normalise(x: Tensor, epsilon: number): Tensor {
  const [one, zero] = [1, 0].map((value) => expand(literal(value), x.shape.slice(-1)));
  return layerNorm(x, one, zero, epsilon);
}

export const layerNormGradientFacts: Facts<'row'> = {
  acts: 'row',
  zeros: { any: [], rows: [2] },
  /**
   * Second derivatives. With respect to g the map is linear and symmetric between `u` and its result, so it is
   * `weight` times the gradient of the normalisation alone; with respect to x it is written out.
   */
  vjp: (node, h) => {
    const { epsilon } = attributes(node, 'layerNormGradient');
    const [x, weight, g] = node.sources;
    const rows = x.shape.slice(0, -1).map((_, axis) => axis);
    const average = (t: Tensor): Tensor => mean(t, { axes: -1, keepDims: true });
    const one = expand(literal(1), weight.shape);
    const back = (): Tensor => layerNormGradient(x, one, h, epsilon); // J h, J symmetric
    return [
      () => {
        const u = multiply(g, weight);
        const centred = subtract(x, average(x));
        const s = sqrt(add(average(multiply(centred, centred)), epsilon));
        const z = divide(centred, s);
        const [uz, hz] = [average(multiply(u, z)), average(multiply(h, z))];
        const [uc, hc] = [subtract(u, average(u)), subtract(h, average(h))];
        // F(x) = mean over the row of h (u - mean u - z mean(u z)) / s; its derivative, in which z's own enters twice.
        const inner = subtract(average(multiply(h, uc)), multiply(uz, hz));
        const direct = add(multiply(uc, hz), multiply(hc, uz));
        const along = subtract(multiply(multiply(uz, hz), 2), inner);
        return divide(subtract(multiply(z, along), direct), multiply(s, s));
      },
      () => sum(multiply(g, back()), { axes: rows }),
      () => multiply(weight, back()),
    ];
  },
};
