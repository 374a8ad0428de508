import { ShapeError } from '../errors.js';
import { expectGiven, share } from '../given.js';
import {
  add,
  exp,
  formatShape,
  log,
  max,
  mean,
  multiply,
  subtract,
  sum,
  type Tensor,
} from '../tensor/index.js';
import { sameShape } from '../tensor/shape.js';
import { checkTensors } from '../tensor/tensor.js';

/** `log(softmax(x))` over the last axis, without ever dividing by a sum that underflowed. */
export function logSoftmax(x: Tensor): Tensor {
  const centred = subtract(x, max(x, { axes: -1, keepDims: true }));
  return subtract(centred, log(sum(exp(centred), { axes: -1, keepDims: true })));
}

/**
 * Cross entropy with label smoothing, averaged over everything but the classes.
 * Source of the smoothing: Szegedy et al., "Rethinking the Inception Architecture", 2016, section 7.
 * @param logits `[..., classes]`
 * @param targets a distribution over the classes for each row, as one-hot, `[..., classes]`
 * @param smoothing share of the target that is spread over all classes
 * @throws ShapeError if the targets do not have the shape of the logits
 */
export function crossEntropy(logits: Tensor, targets: Tensor, smoothing = 0): Tensor {
  checkTensors('crossEntropy', logits, targets);
  expectGiven('crossEntropy: the smoothing', smoothing, share);
  if (logits.rank === 0 || !sameShape(logits.shape, targets.shape)) {
    throw new ShapeError(
      `crossEntropy: logits ${formatShape(logits.shape)} and targets ${formatShape(targets.shape)}; expected both ` +
        `[..., classes], of one shape.`,
    );
  }
  const classes = logits.shape[logits.rank - 1];
  const smoothed = add(multiply(targets, 1 - smoothing), smoothing / classes);
  return multiply(mean(sum(multiply(smoothed, logSoftmax(logits)), { axes: -1 })), -1);
}
