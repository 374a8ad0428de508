import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { seenArea } from '../../src/image/geometry.js';
import {
  imagenetPreprocessing,
  preprocess,
  scenesPreprocessing,
  vitExplainPreprocessing,
} from '../../src/image/preprocess.js';
import { resize } from '../../src/image/resize.js';
import { readPicture } from '../../src/node/pictures/read.js';
import { describeWithReference } from '../support/reference.js';
import { type StoredTensor, readSafetensors } from '../support/safetensors.js';
import { areSame, pictureByFormula, pixelsOf, plainPicture } from './pictures.js';

function largestDifference(actual: ArrayLike<number>, expected: StoredTensor): number {
  expect(actual.length).toBe(expected.values.length);
  let largest = 0;
  for (let i = 0; i < actual.length; i++) {
    const difference = Math.abs(actual[i] - expected.values[i]);
    if (!(difference <= largest)) largest = difference; // lets NaN through to fail the comparison
  }
  return largest;
}

describeWithReference('preprocess against torchvision on Pillow', (folder) => {
  test.each(['dogbird.png', 'both.png', 'plane.png', 'plane2.png', 'chelsea.png', 'rocket.jpg'])(
    '%s: resized, cropped and normalised',
    async (file) => {
      const picture = await readPicture(join(folder, 'images', file));
      const golden = readSafetensors(join(folder, 'golden', file.replace(/\..*/, '.safetensors')));
      const { crop, values, geometry } = preprocess(picture);
      const { width, height } = geometry.resized;
      expect(golden('resized_u8').shape).toEqual([height, width, 3]);
      // Two JPEG decoders may round differently; a PNG leaves no freedom.
      const levels = file.endsWith('.jpg') ? 2 : 0;
      expect(
        largestDifference(resize(picture, width, height).data, golden('resized_u8')),
      ).toBeLessThanOrEqual(levels);
      expect(largestDifference(crop.data, golden('crop_u8'))).toBeLessThanOrEqual(levels);
      const tolerance = levels / 255 / 0.224 + 1e-6;
      expect(largestDifference(values, golden('input'))).toBeLessThanOrEqual(tolerance);
    },
  );

  test.each(['dogbird', 'both', 'plane2'])('%s squashed as vit-explain does', async (name) => {
    const picture = await readPicture(join(folder, 'images', `${name}.png`));
    const golden = readSafetensors(join(folder, 'golden', `vit-explain.${name}.safetensors`));
    const { crop, values } = preprocess(picture, vitExplainPreprocessing);
    expect(largestDifference(crop.data, golden('resized_u8'))).toBe(0);
    expect(largestDifference(values, golden('input'))).toBeLessThanOrEqual(1e-6);
  });
});

describe('preprocess', () => {
  test.each([
    // [width, height], resized, crop offset; from torchvision's formulas
    [
      [451, 300],
      [384, 256],
      [80, 16],
    ],
    [
      [640, 427],
      [383, 256],
      [80, 16],
    ], // (383 - 224) / 2 = 79.5 goes to the even 80
    [
      [427, 640],
      [256, 383],
      [16, 80],
    ],
    [
      [100, 152],
      [256, 389],
      [16, 82],
    ], // 82.5 goes to the even 82
    [
      [1, 1],
      [256, 256],
      [16, 16],
    ],
    [
      [1, 100_000],
      [256, 25_600_000],
      [16, 12_799_888],
    ],
    [
      [100_000, 1],
      [25_600_000, 256],
      [12_799_888, 16],
    ],
  ])('%j is resized to %j and cropped at %j', ([width, height], resized, offset) => {
    const { geometry, crop, values } = preprocess(plainPicture(width, height, [10, 20, 30]));
    expect(geometry.original).toEqual({ width, height });
    expect(geometry.resized).toEqual({ width: resized[0], height: resized[1] });
    expect(geometry.crop).toEqual({ x: offset[0], y: offset[1], width: 224, height: 224 });
    expect(Array.from(crop.data.subarray(-3))).toEqual([10, 20, 30]);
    expect(values).toHaveLength(3 * 224 * 224);
  });

  test('channels become planes, normalised by mean and standard deviation', () => {
    const { values } = preprocess(plainPicture(5, 4, [0, 128, 255]));
    const plane = 224 * 224;
    expect(values[0]).toBeCloseTo((0 - 0.485) / 0.229, 5);
    expect(values[plane - 1]).toBeCloseTo((0 - 0.485) / 0.229, 5);
    expect(values[plane]).toBeCloseTo((128 / 255 - 0.456) / 0.224, 5);
    expect(values[3 * plane - 1]).toBeCloseTo((1 - 0.406) / 0.225, 5);
  });

  test('squash keeps the whole picture in view', () => {
    const { geometry, crop } = preprocess(pictureByFormula(31, 7), vitExplainPreprocessing);
    expect(areSame(crop, resize(pictureByFormula(31, 7), 224, 224))).toBe(true);
    expect(seenArea(geometry)).toEqual({ left: 0, top: 0, right: 31, bottom: 7 });
  });

  test('mean and deviation of the script and of scenes are one half', () => {
    const ways = [vitExplainPreprocessing, scenesPreprocessing(4)];
    for (const way of ways) {
      const { values } = preprocess(plainPicture(5, 4, [0, 51, 255]), way);
      const plane = values.length / 3;
      expect([...new Set(values)]).toEqual([-1, Math.fround(-0.6), 1]);
      expect([values[plane - 1], values[2 * plane - 1]]).toEqual([-1, Math.fround(-0.6)]);
    }
  });

  test('scenes are seen as the middle square of the whole picture', () => {
    const { geometry } = preprocess(pictureByFormula(20, 10), scenesPreprocessing(8));
    expect(geometry.resized).toEqual({ width: 16, height: 8 });
    expect(geometry.crop).toEqual({ x: 4, y: 0, width: 8, height: 8 });
    expect(seenArea(geometry)).toEqual({ left: 5, top: 0, right: 15, bottom: 10 });
  });

  test('the seen area is the crop in pixels of the original', () => {
    const { geometry } = preprocess(plainPicture(512, 1024, [0, 0, 0]));
    expect(seenArea(geometry)).toEqual({ left: 32, top: 288, right: 480, bottom: 736 });
  });

  test('a crop larger than the short side is refused', () => {
    const tooSmall = { ...imagenetPreprocessing, fit: 'crop', shortSide: 200 } as const;
    expect(() => preprocess(plainPicture(5, 5, [0, 0, 0]), tooSmall)).toThrow(
      'Cannot crop 224x224 pixels from a picture of 200x200: let it be resized to at least that.',
    );
  });

  test.each([
    ['wide', { size: [32, 64], resized: [32, 63] }, '64x32 pixels from a picture of 63x32'],
    ['high', { size: [64, 32], resized: [63, 32] }, '32x64 pixels from a picture of 32x63'],
  ] as const)('a crop that is too %s is refused', (_, sizes, words) => {
    const tooSmall = { ...vitExplainPreprocessing, ...sizes };
    expect(() => preprocess(plainPicture(5, 5, [0, 0, 0]), tooSmall)).toThrow(`Cannot crop ${words}`);
  });

  test('an oblong input is covered, whichever side is short, and its middle is cut out', () => {
    const oblong = { ...imagenetPreprocessing, fit: 'cover', size: [48, 80], cover: [50, 84] } as const;
    const wide = preprocess(pictureByFormula(300, 100), oblong);
    expect(wide.geometry.resized).toEqual({ width: 150, height: 50 });
    expect(wide.geometry.crop).toEqual({ x: 35, y: 1, width: 80, height: 48 });
    expect(wide.values).toHaveLength(3 * 48 * 80);
    const tall = preprocess(pictureByFormula(101, 300), oblong);
    expect(tall.geometry.resized).toEqual({ width: 84, height: 250 }); // 300 * 84 / 101 = 249.5
    expect(tall.geometry.crop).toEqual({ x: 2, y: 101, width: 80, height: 48 });
  });

  test('a squashed picture may be larger than what is cut out of it', () => {
    const larger = { ...vitExplainPreprocessing, size: [4, 6], resized: [6, 8] } as const;
    const { crop, geometry } = preprocess(pictureByFormula(31, 7), larger);
    expect(geometry.crop).toEqual({ x: 1, y: 1, width: 6, height: 4 });
    const whole = pixelsOf(resize(pictureByFormula(31, 7), 8, 6));
    expect(pixelsOf(crop)).toEqual([1, 2, 3, 4].flatMap((y) => whole.slice(8 * y + 1, 8 * y + 7)));
  });

  test('the filter is the one that was asked for', () => {
    const bilinear = { ...vitExplainPreprocessing, size: 9, interpolation: 'bilinear' } as const;
    const { crop } = preprocess(pictureByFormula(31, 7), bilinear);
    expect(crop).toEqual(resize(pictureByFormula(31, 7), 9, 9, 'bilinear'));
  });

  test('a model of one channel sees luminance, as Pillow converts and then resizes it', () => {
    const grey = { fit: 'squash', size: [3, 5], mean: [0.25], std: [0.5] } as const;
    const { values } = preprocess(pictureByFormula(5, 3), grey);
    // Image.convert('L') and, below, .resize((3, 2), Image.BICUBIC)
    const pillow = [82, 112, 165, 49, 112, 107, 98, 119, 162, 48, 213, 133, 128, 206, 82];
    expect(values).toEqual(Float32Array.from(pillow, (level) => (level / 255 - 0.25) / 0.5));
    const { crop } = preprocess(pictureByFormula(5, 3), { ...grey, size: [2, 3] });
    expect(pixelsOf(crop).map(([level]) => level)).toEqual([95, 127, 87, 151, 140, 123]);
  });
});
