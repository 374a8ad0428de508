import { add, constant, divide, multiply, sqrt, subtract, type Tensor } from '../tensor/index.js';
import type { Parameter } from './parameter.js';

export interface AdamWOptions {
  /** A tensor if it changes from step to step. */
  readonly learningRate: Tensor | number;
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  /** Decoupled from the gradient, applied to every parameter. */
  readonly weightDecay: number;
}

/**
 * One step of AdamW, as updates for `compile`: the parameters, their two moment estimates and the bias
 * corrections all stay on the device.
 * Source: Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019, algorithm 2, as PyTorch has it.
 * @param gradients one a parameter, in the same order
 */
export function adamW(
  parameters: readonly Parameter[],
  gradients: readonly Tensor[],
  { learningRate, betas: [beta1, beta2], epsilon, weightDecay }: AdamWOptions,
): Map<Tensor, Tensor> {
  const updates = new Map<Tensor, Tensor>();
  // The bias correction 1 - beta^t, by c' = beta c + (1 - beta): no cancellation, which for a beta near 1 would
  // cost float32 three of its seven digits.
  const [correction1, correction2] = [beta1, beta2].map((beta) => {
    const correction = constant([0], []);
    const next = add(multiply(correction, beta), 1 - beta);
    updates.set(correction, next);
    return next;
  });
  parameters.forEach((parameter, position) => {
    const gradient = gradients[position];
    const [mean, square] = [state(parameter), state(parameter)];
    const newMean = add(multiply(mean, beta1), multiply(gradient, 1 - beta1));
    const newSquare = add(multiply(square, beta2), multiply(multiply(gradient, gradient), 1 - beta2));
    const unbiasedMean = divide(newMean, correction1);
    const deviation = add(sqrt(divide(newSquare, correction2)), epsilon);
    const decayed = multiply(parameter, subtract(1, multiply(learningRate, weightDecay)));
    updates.set(mean, newMean);
    updates.set(square, newSquare);
    updates.set(parameter, subtract(decayed, multiply(divide(unbiasedMean, deviation), learningRate)));
  });
  return updates;
}

function state({ shape, size }: Tensor): Tensor {
  return constant(new Float32Array(size), shape);
}
