import { ShapeError } from '../../errors.js';
import { formatShape, sameShape } from '../shape.js';
import { Tensor } from '../tensor.js';

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
  const width = x.shape.slice(-1);
  if (x.rank === 0 || !sameShape(weight.shape, width) || !sameShape(bias.shape, width)) {
    throw new ShapeError(
      `layerNorm: input ${formatShape(x.shape)} needs weight and bias of shape ${formatShape(width)}, ` +
        `not ${formatShape(weight.shape)} and ${formatShape(bias.shape)}.`,
    );
  }
  return new Tensor({ kind: 'layerNorm', epsilon }, [x, weight, bias], x.shape);
}
