import { describe, expect, test } from '@jest/globals';
import {
  inTurn,
  permuted,
  plusFirstPosition,
  reshaped,
  rows,
  same,
  stacked,
  withBatchAxis,
  withoutFirstPosition,
  zerosAlong,
  type Transform,
} from '../../src/models/checkpoint/dialects/transforms.js';

type Tensor = readonly [shape: readonly number[], ...numbers: readonly number[]];

/** What a transform makes of tensors: shape and numbers, of which there must be as many. */
function made(transform: Transform, tensors: readonly Tensor[]): Tensor | undefined {
  const shape = transform.shape(tensors.map(([own]) => own));
  if (!shape) return undefined;
  const values = transform.values(
    tensors.map(([own, ...numbers]) => ({ shape: own, values: Float32Array.from(numbers) })),
  );
  return [shape, ...values];
}

const matrix: Tensor = [[2, 3], 1, 2, 3, 4, 5, 6];
const turned: Tensor = [[3, 2], 1, 4, 2, 5, 3, 6];
const flat = reshaped((shape) => [shape.reduce((product, extent) => product * extent, 1)]);

describe('tensors that are made of others', () => {
  test.each<[string, Transform, readonly Tensor[], Tensor]>([
    ['the same', same, [matrix], matrix],
    ['turned', permuted(1, 0), [matrix], turned],
    [
      'with the last axis first: element [k, i, j] is [i, j, k]',
      permuted(2, 0, 1),
      [[[1, 2, 3], 1, 2, 3, 4, 5, 6]],
      [[3, 1, 2], 1, 4, 2, 5, 3, 6],
    ],
    ['in another shape', flat, [matrix], [[6], 1, 2, 3, 4, 5, 6]],
    ['turned, then in another shape', inTurn(permuted(1, 0), flat), [matrix], [[6], 1, 4, 2, 5, 3, 6]],
    ['turned twice', inTurn(permuted(1, 0), permuted(1, 0)), [matrix], matrix],
    [
      'one below the other, however many rows each has',
      stacked(),
      [matrix, [[1, 3], 7, 8, 9]],
      [[3, 3], 1, 2, 3, 4, 5, 6, 7, 8, 9],
    ],
    [
      'vectors one behind the other',
      stacked(),
      [
        [[2], 1, 2],
        [[1], 3],
      ],
      [[3], 1, 2, 3],
    ],
    [
      'each turned, then one below the other',
      stacked(permuted(1, 0)),
      [matrix, [[2, 1], 7, 8]],
      [[4, 2], 1, 4, 2, 5, 3, 6, 7, 8],
    ],
    ['the first third of the rows', rows(0, 1, 3), [turned], [[1, 2], 1, 4]],
    ['the rest of them', rows(1, 3, 3), [turned], [[2, 2], 2, 5, 3, 6]],
    ['the second half of a vector', rows(1, 2, 2), [[[4], 1, 2, 3, 4]], [[2], 3, 4]],
    ['a zero for each row', zerosAlong(0), [matrix], [[2], 0, 0]],
    ['a zero for each column', zerosAlong(1), [matrix], [[3], 0, 0, 0]],
    ['a vector as a batch of one token', withBatchAxis, [[[2], 1, 2]], [[1, 1, 2], 1, 2]],
    ['tokens as a batch', withBatchAxis, [matrix], [[1, 2, 3], 1, 2, 3, 4, 5, 6]],
    ['a batch as it is', withBatchAxis, [[[2, 1, 1], 1, 2]], [[2, 1, 1], 1, 2]],
    [
      'a token and the first of the positions',
      plusFirstPosition,
      [
        [[1, 1, 2], 10, 20],
        [[1, 3, 2], 1, 2, 3, 4, 5, 6],
      ],
      [[1, 1, 2], 11, 22],
    ],
    [
      'positions without the first',
      withoutFirstPosition,
      [[[1, 3, 2], 1, 2, 3, 4, 5, 6]],
      [[1, 2, 2], 3, 4, 5, 6],
    ],
  ])('%s', (_what, transform, tensors, expected) => {
    expect(made(transform, tensors)).toEqual(expected);
  });

  const token: Tensor = [[1, 1, 2], 1, 2];
  const positions: Tensor = [[1, 3, 2], 1, 2, 3, 4, 5, 6];
  test.each<[string, Transform, readonly Tensor[]]>([
    ['another number of axes in another order', permuted(1, 0), [[[1, 2, 3], 1, 2, 3, 4, 5, 6]]],
    ['the first of two that makes nothing', inTurn(permuted(1, 0), flat), [[[2], 1, 2]]],
    ['the second of two', inTurn(flat, permuted(1, 0)), [matrix]],
    ['rows of other lengths', stacked(), [matrix, turned]],
    ['rows of other shapes with as many axes', stacked(), [[[1, 2, 3], 1, 2, 3, 4, 5, 6], [[1, 3, 2], 1, 2, 3, 4, 5, 6]]],
    ['a vector below a matrix', stacked(), [matrix, [[3], 1, 2, 3]]],
    ['a number that is no vector', stacked(), [[[], 1], [[], 2]]],
    ['something that does not become what is stacked', stacked(permuted(1, 0)), [matrix, [[3], 1, 2, 3]]],
    ['something that does not at first', stacked(permuted(1, 0)), [[[3], 1, 2, 3], matrix]],
    ['rows that are not divided evenly', rows(0, 1, 2), [turned]],
    ['a zero for each place along an axis that is not there', zerosAlong(2), [matrix]],
    ['a number as a batch', withBatchAxis, [[[], 1]]],
    ['four axes as a batch', withBatchAxis, [[[1, 1, 1, 2], 1, 2]]],
    ['positions of two batches', plusFirstPosition, [token, [[2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8]]],
    ['positions of another width', plusFirstPosition, [token, [[1, 2, 3], 1, 2, 3, 4, 5, 6]]],
    ['positions without a batch', plusFirstPosition, [token, [[3, 2], 1, 2, 3, 4, 5, 6]]],
    ['a token without a batch', plusFirstPosition, [[[2], 1, 2], positions]],
    ['the only position, which is no patch', plusFirstPosition, [token, token]],
    ['positions without a batch, less the first', withoutFirstPosition, [matrix]],
    ['two batches of positions, less the first', withoutFirstPosition, [[[2, 2, 1], 1, 2, 3, 4]]],
    ['the only position, less the first', withoutFirstPosition, [token]],
  ])('%s make nothing', (_what, transform, tensors) => {
    expect(made(transform, tensors)).toBeUndefined();
  }); // prettier-ignore
});
