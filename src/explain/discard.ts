import { UsageError } from '../errors.js';
import { described, expectGiven, wholeNumber } from '../given.js';
import { concat, reshape, slice, zeroSmallest, type Tensor } from '../tensor/index.js';
import { checkTensors } from '../tensor/tensor.js';

/**
 * Sets the `floor(ratio * count)` smallest entries to 0, for each image, among the `count` entries whose key is
 * not a prefix token; among equal entries the one of lower index goes first.
 * @param matrix `[batch, tokens, tokens]`
 * @throws UsageError unless the ratio is in [0, 1)
 */
export function discard(matrix: Tensor, ratio: number, prefixTokens: number): Tensor {
  checkTensors('discard', matrix);
  expectGiven('discard: the number of prefix tokens', prefixTokens, wholeNumber(0));
  if (!(typeof ratio === 'number' && ratio >= 0 && ratio < 1)) {
    throw new UsageError(
      `The discard ratio is ${described(ratio)}; give a number from 0 up to, but not including, 1.`,
    );
  }
  const [batch, rows, columns] = matrix.shape;
  const count = rows * (columns - prefixTokens);
  const discarded = Math.floor(ratio * count);
  if (discarded === 0) return matrix;
  const patchKeys = reshape(slice(matrix, 2, prefixTokens), [batch, count]);
  const kept = reshape(zeroSmallest(patchKeys, discarded), [batch, rows, columns - prefixTokens]);
  return concat([slice(matrix, 2, 0, prefixTokens), kept], 2);
}
