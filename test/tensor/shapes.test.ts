import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';

const of = (...shape: number[]): v.Tensor => v.input('x', shape);

describe('shape rules', () => {
  test.each<[string, v.Tensor, number[]]>([
    ['add broadcasts', v.add(of(2, 1, 5), of(3, 1)), [2, 3, 5]],
    ['where broadcasts all three', v.where(of(3, 1), of(1, 5), 0), [3, 5]],
    ['matmul broadcasts its batch', v.matmul(of(3, 1, 5, 7), of(4, 7, 2)), [3, 4, 5, 2]],
    ['reshape works out -1', v.reshape(of(4, 6), [3, -1]), [3, 8]],
    ['reshape of nothing', v.reshape(of(0, 6), [2, 0]), [2, 0]],
    ['permute', v.permute(of(2, 3, 5), [2, 0, 1]), [5, 2, 3]],
    ['transpose', v.transpose(of(2, 3, 5)), [2, 5, 3]],
    ['slice', v.slice(of(2, 7), -1, 2, 5), [2, 3]],
    ['select', v.select(of(2, 7, 3), 1, 4), [2, 3]],
    ['concat', v.concat([of(2, 3), of(2, 4)], -1), [2, 7]],
    ['expand', v.expand(of(3, 1), [2, 3, 4]), [2, 3, 4]],
    ['sum of all', v.sum(of(2, 3)), []],
    ['mean keeps axes when asked', v.mean(of(2, 3, 4), { axes: [0, -1], keepDims: true }), [1, 3, 1]],
    ['max drops axes', v.max(of(2, 3, 4), { axes: 1 }), [2, 4]],
  ])('%s', (_, tensor, shape) => {
    expect(tensor.shape).toEqual(shape);
  });

  test('nothing is made where nothing changes', () => {
    const x = of(2, 3);
    expect(v.reshape(x, [2, 3])).toBe(x);
    expect(v.expand(x, [2, 3])).toBe(x);
    expect(v.slice(x, 0, 0)).toBe(x);
    expect(v.concat([x], 0)).toBe(x);
    expect(v.sum(x, { axes: [] })).toBe(x);
    expect(v.zeroSmallest(x, 0)).toBe(x);
  });
});

describe('shape errors name the operation and the shapes, at the call', () => {
  test.each<[() => unknown, string]>([
    [() => v.add(of(2, 3), of(4)), 'add: shapes [2, 3] and [4] do not broadcast together.'],
    [() => v.where(of(2), of(3), 1), 'where: shapes [2] and [3] do not broadcast together.'],
    [
      () => v.multiply(of(1e9, 1), of(1, 1e9)),
      'expand: a tensor of shape [1000000000, 1000000000] would have more elements than can be counted; make it smaller.',
    ],
    [() => v.matmul(of(2, 3), of(2, 3)), 'matmul: shapes [2, 3] and [2, 3] do not multiply'],
    [() => v.matmul(of(3), of(3, 2)), 'matmul: shapes [3] and [3, 2] do not multiply'],
    [() => v.matmul(of(2, 5, 3), of(3, 3, 2)), 'matmul: shapes [2] and [3] do not broadcast together.'],
    [() => v.matmul(of(2, 3), of(3, 4), of(3)), 'matmul: a bias of shape [4] is needed, not [3].'],
    [() => v.reshape(of(2, 3), [4]), 'reshape: shape [2, 3] has 6 elements and cannot become [4].'],
    [() => v.reshape(of(2, 3), [4, -1]), 'reshape: shape [2, 3] has 6 elements and cannot become [4, -1].'],
    [() => v.reshape(of(2, 3), [-1, -1]), 'reshape:'],
    [
      () => v.permute(of(2, 3), [0, 0]),
      'permute: axes [0, 0] must name each axis of shape [2, 3] exactly once.',
    ],
    [() => v.transpose(of(2)), 'transpose: shape [2] has fewer than two axes.'],
    [() => v.slice(of(2, 3), 1, 2, 4), 'slice: range 2 to 4 does not lie within axis 1 of shape [2, 3].'],
    [() => v.select(of(2, 3), 1, 3), 'slice: range 3 to 4 does not lie within axis 1 of shape [2, 3].'],
    [() => v.concat([], 0), 'concat: at least one tensor is needed.'],
    [() => v.concat([of(2, 3), of(3, 3)], 1), 'concat: shapes [2, 3] and [3, 3] differ outside axis 1.'],
    [() => v.expand(of(2, 3), [2, 4]), 'expand: shape [2, 3] cannot be expanded to [2, 4].'],
    [() => v.sum(of(2, 3), { axes: 2 }), 'sum: axis 2 does not exist in shape [2, 3].'],
    [() => v.mean(of(2, 3), { axes: [1, -1] }), 'mean: axes [1, 1] name an axis of [2, 3] twice.'],
    [
      () => v.max(of(0, 3), { axes: 0 }),
      'max: shape [0, 3] has nothing to reduce along an axis of extent 0.',
    ],
    [() => v.softmax(of()), 'softmax: a scalar has no axis to normalise over.'],
    [
      () => v.layerNorm(of(2, 3), of(2), of(3), 1e-6),
      'layerNorm: input [2, 3] needs weight and bias of shape [3]',
    ],
    [() => v.zeroSmallest(of(2, 3), 4), 'largestMask: cannot discard 4 elements in each row of shape [2, 3]'],
    [() => v.constant([1, 2], [3]), 'constant: 2 values given for shape [3].'],
    [() => v.input('image', [1.5]), 'input "image": [1.5] is no shape'],
  ])('%#: %s', (build, message) => {
    expect(build).toThrow(v.ShapeError);
    expect(build).toThrow(message);
  });
});
