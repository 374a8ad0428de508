import { add, exp, log, max, mean, multiply, subtract, sum, type Tensor } from '../tensor/index.js';

/** `log(softmax(x))` over the last axis, without ever dividing by a sum that underflowed. */
export function logSoftmax(x: Tensor): Tensor {
  const centred = subtract(x, max(x, { axes: -1, keepDims: true }));
  return subtract(centred, log(sum(exp(centred), { axes: -1, keepDims: true })));
}

/**
 * Cross entropy with label smoothing, averaged over the batch.
 * Source of the smoothing: Szegedy et al., "Rethinking the Inception Architecture", 2016, section 7.
 * @param logits `[batch, classes]`
 * @param targets one-hot, `[batch, classes]`
 * @param smoothing share of the target that is spread over all classes
 */
export function crossEntropy(logits: Tensor, targets: Tensor, smoothing = 0): Tensor {
  const classes = logits.shape[logits.rank - 1];
  const smoothed = add(multiply(targets, 1 - smoothing), smoothing / classes);
  return multiply(mean(sum(multiply(smoothed, logSoftmax(logits)), { axes: -1 })), -1);
}
