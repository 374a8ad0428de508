import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { microConfig } from '../../src/models/micro.js';
import { VisionTransformer } from '../../src/models/vision-transformer.js';

describe('a vision transformer', () => {
  test('lays its patches out as its configuration says, behind a class token', () => {
    const { geometry } = new VisionTransformer({ ...microConfig, imageSize: 24 });
    expect(geometry).toEqual({ prefixTokens: 1, grid: [3, 3] });
  });

  test('refuses patches that do not divide the image', () => {
    expect(() => new VisionTransformer({ ...microConfig, patchSize: 12 })).toThrow(
      new v.ShapeError('Patches of 12 pixels do not divide an image of 32 pixels.'),
    );
  });

  test.each([[[3, 32, 32]], [[1, 1, 32, 32]], [[1, 3, 16, 32]], [[1, 3, 32, 16]], [[1, 1, 3, 32, 32]]])(
    'refuses an image of shape %j',
    (shape) => {
      const model = new VisionTransformer(microConfig);
      expect(() => model.call(v.input('image', shape))).toThrow(
        new v.ShapeError(`The model takes images of shape [batch, 3, 32, 32], not ${v.formatShape(shape)}.`),
      );
    },
  );

  test('refuses oblong patches that do not divide an oblong image, in either direction', () => {
    for (const [imageSize, patchSize, words] of [
      [[32, 48], [8, 10], 'Patches of 8 x 10 pixels do not divide an image of 32 x 48 pixels.'],
      [[32, 48], [12, 8], 'Patches of 12 x 8 pixels do not divide an image of 32 x 48 pixels.'],
      [[32, 32], [9, 9], 'Patches of 9 pixels do not divide an image of 32 pixels.'],
    ] as const) {
      expect(() => new VisionTransformer({ ...microConfig, imageSize, patchSize })).toThrow(
        new v.ShapeError(words),
      );
    }
  });

  test('cannot pool by a class token that it has not', () => {
    for (const pooling of ['token', 'token-avg'] as const) {
      expect(() => new VisionTransformer({ ...microConfig, classToken: false, pooling })).toThrow(
        new v.ShapeError(
          `A model without a class token cannot pool by "${pooling}"; choose another pooling, such as "avg".`,
        ),
      );
    }
    for (const pooling of ['avg', 'max', 'map'] as const) {
      expect(
        new VisionTransformer({ ...microConfig, classToken: false, pooling }).geometry.prefixTokens,
      ).toBe(0);
    }
  });

  test('has a second classifier only for a distillation token that is looked at, and for classes', () => {
    const namesOf = (changes: Partial<v.VisionTransformerConfig>): string[] =>
      [...new VisionTransformer({ ...microConfig, distillationToken: true, ...changes }).namedParameters()]
        .map(([name]) => name)
        .filter((name) => name.startsWith('head'));
    const one = ['head.weight', 'head.bias'];
    expect(namesOf({ distillationHead: true })).toEqual([...one, 'head_dist.weight', 'head_dist.bias']);
    expect(namesOf({ distillationHead: false })).toEqual(one);
    expect(namesOf({ distillationHead: true, pooling: 'avg' })).toEqual(one);
    expect(namesOf({ distillationHead: true, classes: 0 })).toEqual([]);
  });

  test.each([['32'], [[32]], [[32, 32, 32]], [[32, 0]], [[0, 32]], [32.5], [{ length: 2, 0: 32, 1: 32 }]])(
    'refuses %j for the size of an image',
    (imageSize) => {
      const config = { ...microConfig, imageSize } as unknown as v.VisionTransformerConfig;
      expect(() => new VisionTransformer(config)).toThrow(v.UsageError);
      expect(() => new VisionTransformer(config)).toThrow(
        /imageSize is .*; expected a whole number of at least 1, or height and width\.$/,
      );
    },
  );

  test('has sizes by its configuration alone', () => {
    const config = {
      ...microConfig,
      width: 24,
      heads: 3,
      depth: 5,
      imageSize: [32, 48],
      patchSize: 8,
    } as const;
    expect(v.sizesOf(config)).toEqual({ depth: 5, heads: 3, headWidth: 8, grid: [4, 6] });
    expect(v.sizesOf({ ...config, residuals: false })).toMatchObject({ withoutResiduals: true });
  });
});
