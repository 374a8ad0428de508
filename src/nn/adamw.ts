import { ShapeError } from '../errors.js';
import { atLeast0, below1, expectParts, listOf, optional, type Expectation } from '../given.js';
import { add, constant, divide, formatShape, multiply, sqrt, subtract, Tensor } from '../tensor/index.js';
import { sameShape } from '../tensor/shape.js';
import { checkTensorList } from '../tensor/tensor.js';
import type { Parameter } from './parameter.js';

export interface AdamWOptions {
  /** A tensor if it changes from step to step. */
  readonly learningRate: Tensor | number;
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  /** Decoupled from the gradient: one for all parameters, or one a parameter. */
  readonly weightDecay: number | readonly number[];
  /** What the learning rate is multiplied by, one a parameter; 1 if left out. */
  readonly learningRateScales?: readonly number[];
}

const expectedOptions: Readonly<Record<keyof AdamWOptions, Expectation>> = {
  learningRate: {
    words: `${atLeast0.words}, or a tensor`,
    fits: (value): value is number | Tensor => atLeast0.fits(value) || value instanceof Tensor,
  },
  betas: {
    words: `two numbers, each ${below1.words}`,
    fits: (value): value is number[] =>
      Array.isArray(value) && value.length === 2 && value.every(below1.fits),
  },
  epsilon: atLeast0,
  weightDecay: {
    words: `${atLeast0.words}, or a list of such numbers`,
    fits: (value): value is number | number[] => [value].flat().every(atLeast0.fits),
  },
  learningRateScales: optional(listOf('numbers of at least 0', atLeast0)),
};

/** What AdamW remembers between steps. A training that is to be continued must keep it with the parameters. */
export interface AdamWState {
  /** 1 - beta1^t and 1 - beta2^t. Shape [] */
  readonly corrections: readonly [Tensor, Tensor];
  /** Of each parameter, the moving averages of its gradient and of the gradient's square. */
  readonly means: readonly Tensor[];
  readonly squares: readonly Tensor[];
}

/** The state before the first step. */
export function adamWState(parameters: readonly Parameter[]): AdamWState {
  checkTensorList('adamWState', parameters);
  const zeros = ({ shape, size }: Tensor): Tensor => constant(new Float32Array(size), shape);
  return {
    corrections: [constant([0], []), constant([0], [])],
    means: parameters.map(zeros),
    squares: parameters.map(zeros),
  };
}

/**
 * One step of AdamW, as updates for `compile`: the parameters, their two moment estimates and the bias
 * corrections all stay on the device.
 * Source: Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019, algorithm 2, as PyTorch has it.
 * @param gradients one a parameter, in the same order
 * @param state to go on from; that before the first step if left out
 * @throws UsageError for an option that is none, or a number with which there is no step
 * @throws ShapeError if there is not one gradient, mean, square and, in a list, weight decay a parameter, each of the
 *   parameter's shape
 */
export function adamW(
  parameters: readonly Parameter[],
  gradients: readonly Tensor[],
  options: AdamWOptions,
  state = adamWState(parameters),
): Map<Tensor, Tensor> {
  checkTensorList('adamW: parameters', parameters);
  expectParts('adamW: options', options, expectedOptions);
  const { betas, epsilon, weightDecay, learningRateScales: scales } = options;
  checkOneEach('gradient', gradients, parameters);
  checkOneEach('mean', state.means, parameters);
  checkOneEach('square', state.squares, parameters);
  if (typeof weightDecay !== 'number') checkCount('weight decay', weightDecay.length, parameters.length);
  if (scales) checkCount('learning rate scale', scales.length, parameters.length);
  const updates = new Map<Tensor, Tensor>();
  // The bias correction 1 - beta^t, by c' = beta c + (1 - beta): no cancellation, which for a beta near 1 would
  // cost float32 three of its seven digits.
  const [correction1, correction2] = betas.map((beta, moment) => {
    const correction = state.corrections[moment];
    const next = add(multiply(correction, beta), 1 - beta);
    updates.set(correction, next);
    return next;
  });
  const [beta1, beta2] = betas;
  parameters.forEach((parameter, position) => {
    const gradient = gradients[position];
    const [mean, square] = [state.means[position], state.squares[position]];
    const decay = typeof weightDecay === 'number' ? weightDecay : weightDecay[position];
    const scale = scales?.[position] ?? 1;
    const learningRate = scale === 1 ? options.learningRate : multiply(options.learningRate, scale);
    const newMean = add(multiply(mean, beta1), multiply(gradient, 1 - beta1));
    const newSquare = add(multiply(square, beta2), multiply(multiply(gradient, gradient), 1 - beta2));
    const unbiasedMean = divide(newMean, correction1);
    const deviation = add(sqrt(divide(newSquare, correction2)), epsilon);
    const decayed = multiply(parameter, subtract(1, multiply(learningRate, decay)));
    updates.set(mean, newMean);
    updates.set(square, newSquare);
    updates.set(parameter, subtract(decayed, multiply(divide(unbiasedMean, deviation), learningRate)));
  });
  return updates;
}

function checkOneEach(what: string, tensors: readonly Tensor[], parameters: readonly Parameter[]): void {
  checkTensorList(`adamW: ${what}s`, tensors);
  checkCount(what, tensors.length, parameters.length);
  parameters.forEach(({ shape: expected }, position) => {
    const { shape } = tensors[position];
    if (sameShape(shape, expected)) return;
    throw new ShapeError(
      `adamW: the ${what} at position ${position} has shape ${formatShape(shape)}; expected that of its parameter, ` +
        `${formatShape(expected)}.`,
    );
  });
}

function checkCount(what: string, given: number, expected: number): void {
  if (given === expected) return;
  throw new ShapeError(
    `adamW: the number of ${what}s is ${given}, that of parameters ${expected}; give one each, in the same order.`,
  );
}
