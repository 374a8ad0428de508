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
});
