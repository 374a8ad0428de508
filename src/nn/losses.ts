import { ShapeError } from '../errors.js';
import { expectGiven, share, wholeNumber } from '../given.js';
import {
  add,
  constant,
  equal,
  exp,
  formatShape,
  log,
  max,
  mean,
  multiply,
  reshape,
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
 * Numbers of classes as distributions: 1 for the class, 0 for all others. A number that no class has gives zeros.
 * @param indices `[...]`
 * @returns `[..., classes]`
 */
export function oneHot(indices: Tensor, classes: number): Tensor {
  checkTensors('oneHot', indices);
  expectGiven('oneHot: the number of classes', classes, wholeNumber(1));
  const numbers = constant(
    Float32Array.from({ length: classes }, (_, index) => index),
    [classes],
  );
  return equal(reshape(indices, [...indices.shape, 1]), numbers);
}

/**
 * Cross entropy with label smoothing, averaged over everything but the classes.
 * Source of the smoothing: Szegedy et al., "Rethinking the Inception Architecture", 2016, section 7.
 * @param logits `[..., classes]`
 * @param targets the number of a class for each row, `[...]`, or a distribution over the classes, `[..., classes]`
 * @param smoothing share of the target that is spread over all classes
 * @throws ShapeError if the targets have neither shape
 */
export function crossEntropy(logits: Tensor, targets: Tensor, smoothing = 0): Tensor {
  checkTensors('crossEntropy', logits, targets);
  expectGiven('crossEntropy: the smoothing', smoothing, share);
  const areIndices = logits.rank > 0 && sameShape(logits.shape.slice(0, -1), targets.shape);
  if (logits.rank === 0 || !(areIndices || sameShape(logits.shape, targets.shape))) {
    throw new ShapeError(
      `crossEntropy: logits ${formatShape(logits.shape)} and targets ${formatShape(targets.shape)}; expected both ` +
        '[..., classes], of one shape, or the numbers of classes, [...].',
    );
  }
  const classes = logits.shape[logits.rank - 1];
  const wanted = areIndices ? oneHot(targets, classes) : targets;
  const smoothed = add(multiply(wanted, 1 - smoothing), smoothing / classes);
  return multiply(mean(sum(multiply(smoothed, logSoftmax(logits)), { axes: -1 })), -1);
}
