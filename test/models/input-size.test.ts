import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../src/errors.js';
import { parseImageSize, preprocessingAt, type Preprocessing } from '../../src/index.js';

const colours = { mean: [0.5, 0.4, 0.3], std: [0.25, 0.2, 0.15] };

describe('an input of another size is given the same share of the picture', () => {
  // timm takes floor(size / crop_pct): 224 of 256 are 0.875, and 384 / 0.875 = 438.86; of DeiT 0.9, 384 / 0.9 = 426.67, but
  // from the 248 of 224 / 0.9 = 248.89 on it is 248 * 384 / 224 = 425.14.
  test.each<[string, Preprocessing, Parameters<typeof preprocessingAt>[1], Preprocessing]>([
    [
      'a square of a square, with a larger margin',
      { fit: 'crop', shortSide: 256, size: 224, ...colours },
      384,
      { fit: 'crop', shortSide: 438, size: 384, ...colours },
    ],
    [
      'rounded down',
      { fit: 'crop', shortSide: 248, size: 224, ...colours },
      384,
      { fit: 'crop', shortSide: 425, size: 384, ...colours },
    ],
    [
      'a square given as height and width',
      { fit: 'crop', shortSide: 64, size: [32, 32], interpolation: 'bilinear', ...colours },
      [16, 16],
      { fit: 'crop', shortSide: 32, size: [16, 16], interpolation: 'bilinear', ...colours },
    ],
    [
      'an oblong of a square covers as much more than it needs',
      { fit: 'crop', shortSide: 256, size: 224, ...colours },
      [224, 448],
      { fit: 'cover', cover: [256, 512], size: [224, 448], interpolation: 'bicubic', ...colours },
    ],
    [
      'a square of an oblong, as pixels are made for that',
      { fit: 'crop', shortSide: 96, size: [32, 48], interpolation: 'bilinear', ...colours },
      48,
      { fit: 'cover', cover: [144, 96], size: 48, interpolation: 'bilinear', ...colours },
    ],
    [
      'never less than the input: a short side of 256 is for 448 in the other direction',
      { fit: 'crop', shortSide: 256, size: [224, 448], ...colours },
      [112, 224],
      { fit: 'cover', cover: [128, 224], size: [112, 224], interpolation: 'bicubic', ...colours },
    ],
    [
      'what covers',
      { fit: 'cover', cover: [40, 60], size: [32, 48], ...colours },
      [16, 96],
      { fit: 'cover', cover: [20, 120], size: [16, 96], ...colours },
    ],
    [
      'what is squashed into more than the input',
      { fit: 'squash', resized: [404, 384], size: 384, ...colours },
      192,
      { fit: 'squash', resized: [202, 192], size: 192, ...colours },
    ],
    [
      'what is squashed into the input',
      { fit: 'squash', size: 384, ...colours },
      192,
      { fit: 'squash', size: 192, ...colours },
    ],
  ])('%s', (_what, own, size, expected) => {
    expect(preprocessingAt(own, size)).toStrictEqual(expected);
  });
});

describe('a size that is typed', () => {
  test.each<[string, ReturnType<typeof parseImageSize>]>([
    ['384', 384],
    ['  384 ', 384],
    ['384x512', [384, 512]],
    ['384X512', [384, 512]],
    ['384×512', [384, 512]],
    ['\t384  x   512  ', [384, 512]],
    // One number, where both are the same: elsewhere a square is told by that.
    ['16x16', 16],
    ['1', 1],
    ['8192', 8192],
    ['1x8192', [1, 8192]],
    ['0384', 384],
  ])('%j is %j', (text, size) => {
    expect(parseImageSize(text, 'The size')).toEqual(size);
  });

  test.each([
    ...['', ' ', 'x', 'abc', '384px', 'about 384', '384 512', '384x', 'x384', '384xx512', '384x512x3'],
    ...['384,5', '38.4', '-384', '384x-512', '1e3', '38 4', '384x5 12', '384*512', 'axb', '384xb'],
    ...['0', '0x384', '384x0', '8193', '8193x384', '384x8193', '99999999999'],
  ])('%j is none', (text) => {
    expect(() => parseImageSize(text, 'The size')).toThrow(
      new UsageError(
        `The size is "${text}"; give pixels, such as 384, or height and width, such as 384x512.`,
      ),
    );
  });
});
