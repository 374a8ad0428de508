import { describe, expect, test } from '@jest/globals';
import { gather, rowMajor, spanOf } from '../../src/models/checkpoint/strided.js';
import { isDtype, isFloat, itemSize, toFloat32, type Dtype } from '../../src/models/checkpoint/values.js';

/** Numbers of 16 bits as a checkpoint has them. */
const halves = (dtype: 'F16' | 'BF16', ...bits: readonly number[]): number[] => [
  ...toFloat32(dtype, new Uint8Array(Uint16Array.from(bits).buffer)),
];

describe('numbers of a checkpoint as float32', () => {
  // IEEE 754: half the numbers of an exponent of 0 or 31 are special, and the others have a 1 before the point.
  test.each([
    ['zero', 0x0000, 0],
    ['zero below zero', 0x8000, -0],
    ['the smallest of all', 0x0001, 5.960464477539063e-8],
    ['the same below zero', 0x8001, -5.960464477539063e-8],
    ['the second smallest', 0x0002, 1.1920928955078125e-7],
    ['the largest without a 1 before the point', 0x03ff, 6.097555160522461e-5],
    ['the smallest with one', 0x0400, 6.103515625e-5],
    ['a half', 0x3800, 0.5],
    ['one', 0x3c00, 1],
    ['the next after one', 0x3c01, 1.0009765625],
    ['a third, nearly', 0x3555, 0.333251953125],
    ['minus two and a half', 0xc100, -2.5],
    ['the largest', 0x7bff, 65504],
    ['the largest below zero', 0xfbff, -65504],
    ['infinity', 0x7c00, Infinity],
    ['infinity below zero', 0xfc00, -Infinity],
    ['none', 0x7c01, NaN],
    ['none, of the usual kind', 0xfe00, NaN],
  ])('of half precision: %s', (_what, bits, value) => {
    expect(halves('F16', bits)).toEqual([value]);
  });

  test('of half precision: whatever the bits are, they grow with them', () => {
    const all = halves('F16', ...Array.from({ length: 0x7c01 }, (_, bits) => bits));
    const falling = all.findIndex((value, bits) => bits > 0 && !(value > all[bits - 1]));
    expect([all.length, falling]).toEqual([0x7c01, -1]);
    const below = halves('F16', ...Array.from({ length: 0x7c01 }, (_, bits) => 0x8000 + bits));
    expect(below.findIndex((value, bits) => value !== -all[bits])).toBe(-1);
  });

  test('of the upper half of a float32', () => {
    expect(halves('BF16', 0x3f80, 0xbf80, 0x4049, 0x0001, 0x7f80, 0x7fc0, 0x8000)).toEqual([
      1,
      -1,
      3.140625,
      2 ** -133,
      Infinity,
      NaN,
      -0,
    ]);
  });

  test.each<[Dtype, ArrayBuffer, number[]]>([
    ['F64', Float64Array.of(0.1, -1e300).buffer, [Math.fround(0.1), -Infinity]],
    ['F32', Float32Array.of(0.1, -0).buffer, [Math.fround(0.1), -0]],
    ['I64', BigInt64Array.of(-(2n ** 40n), 5n).buffer, [-(2 ** 40), 5]],
    ['U64', BigUint64Array.of(2n ** 63n, 5n).buffer, [2 ** 63, 5]],
    ['I32', Int32Array.of(-(2 ** 31), 5).buffer, [-(2 ** 31), 5]],
    ['U32', Uint32Array.of(2 ** 31, 5).buffer, [2 ** 31, 5]],
    ['I16', Int16Array.of(-(2 ** 15), 5).buffer, [-(2 ** 15), 5]],
    ['U16', Uint16Array.of(2 ** 15, 5).buffer, [2 ** 15, 5]],
    ['I8', Int8Array.of(-128, 5).buffer, [-128, 5]],
    ['U8', Uint8Array.of(128, 5).buffer, [128, 5]],
    ['BOOL', Uint8Array.of(1, 0).buffer, [1, 0]],
  ])('of type %s, wherever in memory they begin', (dtype, buffer, values) => {
    const bytes = new Uint8Array(buffer);
    expect(bytes).toHaveLength(2 * itemSize[dtype]);
    for (let begin = 0; begin < 9; begin++) {
      const room = new Uint8Array(32).fill(0xaa);
      room.set(bytes, begin);
      expect([...toFloat32(dtype, room.subarray(begin, begin + bytes.length))]).toEqual(values);
    }
  });

  test('are those of a type that is known; of some types they are whole', () => {
    expect(Object.keys(itemSize).every(isDtype)).toBe(true);
    for (const other of ['F8', 'f32', '', 'constructor', undefined, null, 3, ['F32']]) {
      expect([other, isDtype(other)]).toEqual([other, false]);
    }
    expect((Object.keys(itemSize) as Dtype[]).filter(isFloat)).toEqual(['F64', 'F32', 'F16', 'BF16']);
  });
});

describe('a tensor by its strides', () => {
  const numbers = Float32Array.from({ length: 12 }, (_, i) => i);

  test('that lies row by row has these', () => {
    expect(rowMajor([2, 3, 4])).toEqual([12, 4, 1]);
    expect(rowMajor([5, 0, 2])).toEqual([0, 2, 1]);
    expect(rowMajor([])).toEqual([]);
  });

  test('touches so many numbers from its first on', () => {
    expect(spanOf([], [])).toBe(1);
    expect(spanOf([2, 3], [3, 1])).toBe(6);
    expect(spanOf([2, 3], [1, 4])).toBe(10);
    expect(spanOf([7, 1], [0, 9])).toBe(1);
    expect(spanOf([7, 0], [5, 1])).toBe(0);
  });

  test.each<[string, number[], number[]]>([
    ['row by row', [3, 4], [4, 1]],
    ['with an axis of one place, which is never stepped along', [3, 1, 4], [4, 77, 1]],
    ['one number', [], []],
  ])('is not copied if it lies %s', (_what, shape, strides) => {
    expect(gather(numbers, shape, strides)).toBe(numbers);
  });

  test.each<[string, number[], number[], number[]]>([
    ['turned', [2, 3], [1, 2], [0, 2, 4, 1, 3, 5]],
    ['every other number', [4], [2], [0, 2, 4, 6]],
    ['one number again and again', [2, 2], [0, 0], [0, 0, 0, 0]],
    ['a part of each row', [3, 2], [4, 1], [0, 1, 4, 5, 8, 9]],
    ['three axes', [2, 2, 2], [1, 2, 6], [0, 6, 2, 8, 1, 7, 3, 9]],
    ['nothing', [0, 3], [1, 1], []],
  ])('is gathered: %s', (_what, shape, strides, expected) => {
    expect([...gather(numbers, shape, strides)]).toEqual(expected);
  });
});
