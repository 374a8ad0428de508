import { add, equal, multiply, softmax, subtract, sum, type Tensor } from '../tensor/index.js';

/**
 * The gradient of `sum over classes of s log(p)` with respect to the logits, with p their softmax: `s - p sum(s)`, for
 * one class `1 - p` at it and `-p` at all others. Where p is near 1, `1 - p` has few digits; so it is the sum of the other
 * probabilities: with S the sum of s,
 *
 *   s_j (sum of p over k != j) + p_j (s_j - S)
 *
 * @param seed s, mostly zeros. `[batch, classes]`
 */
export function logProbabilitySeed(logits: Tensor, seed: Tensor): Tensor {
  const total = (x: Tensor): Tensor => sum(x, { axes: 1, keepDims: true });
  const probabilities = softmax(logits);
  const unseeded = equal(seed, 0);
  const [outside, inside] = [unseeded, subtract(1, unseeded)].map((mask) =>
    total(multiply(probabilities, mask)),
  );
  const ofOthers = add(outside, subtract(inside, probabilities)); // where s is not 0
  return add(multiply(seed, ofOthers), multiply(probabilities, subtract(seed, total(seed))));
}
