import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { resamplePositions } from '../../src/models/positions.js';
import { generator, randomValues, seed } from '../support/random.js';

const sizes = { patchSize: 8, channels: 3, width: 4, depth: 1, heads: 2, hidden: 4, classes: 2 };

function modelAt(
  imageSize: v.VisionTransformerConfig['imageSize'],
  changes: Partial<v.VisionTransformerConfig> = {},
): v.VisionTransformer {
  return new v.VisionTransformer({ ...sizes, imageSize, layerNormEpsilon: 1e-6, ...changes });
}

/** A checkpoint of nothing but positions. */
function positionsOf(shape: readonly number[]): {
  source: string;
  tensors: Map<string, v.CheckpointTensor>;
  values: Float32Array<ArrayBuffer>;
} {
  const count = shape.reduce((product, extent) => product * extent, 1);
  const values = new Float32Array(randomValues(count, generator()));
  const tensor: v.CheckpointTensor = { dtype: 'F16', shape, read: () => Promise.resolve(values) };
  return { source: 'trained.pth', tensors: new Map([['pos_embed', tensor]]), values };
}

describe(`positions of a checkpoint at the grid of a model (seed ${seed})`, () => {
  test.each<
    [string, v.VisionTransformer, readonly number[], v.VisionTransformerConfig['imageSize'] | undefined]
  >([
    ['as many as the model has', modelAt(16), [1, 5, 4], undefined],
    ['of the size that is said, which is the same grid', modelAt([16, 24]), [1, 7, 4], [16, 24]],
    ['as many as an oblong model has, where nothing is said', modelAt([16, 24]), [1, 7, 4], undefined],
    ['that are no list of tokens', modelAt(24), [5, 4], 16],
  ])('%s are left as they are', (_what, model, shape, trainedSize) => {
    const checkpoint = positionsOf(shape);
    expect(v.atGridOf(model, checkpoint, trainedSize)).toBe(checkpoint);
  });

  test('where there are none is nothing to resample', () => {
    const checkpoint = { source: 'none', tensors: new Map<string, v.CheckpointTensor>() };
    expect(v.atGridOf(modelAt(24), checkpoint, 16)).toBe(checkpoint);
  });

  const distilled = { distillationToken: true, registers: 2 };
  test.each<
    [
      string,
      v.VisionTransformer,
      readonly number[],
      v.VisionTransformerConfig['imageSize'] | undefined,
      [old: readonly [number, number], grid: readonly [number, number], prefix: number],
    ]
  >([
    ['of a square, where nothing is said', modelAt([16, 24]), [1, 10, 4], undefined, [[3, 3], [2, 3], 1]],
    ['of the oblong that is said', modelAt(16), [1, 7, 4], [24, 16], [[3, 2], [2, 2], 1]],
    ['as many, but lying otherwise', modelAt([16, 24]), [1, 7, 4], [24, 16], [[3, 2], [2, 3], 1]],
    ['of one row', modelAt(16), [1, 4, 4], [8, 24], [[1, 3], [2, 2], 1]],
    ['of other size than is said: of a square', modelAt(16), [1, 10, 4], [24, 16], [[3, 3], [2, 2], 1]],
    ['with four tokens before the patches', modelAt(24, distilled), [1, 8, 4], undefined, [[2, 2], [3, 3], 4]],
    [
      'with tokens before the patches that have none',
      modelAt(24, { ...distilled, prefixPositions: false }),
      [1, 4, 4],
      undefined,
      [[2, 2], [3, 3], 0],
    ],
  ])('%s are resampled', async (_what, model, shape, trainedSize, [old, grid, prefix]) => {
    const given = positionsOf(shape);
    const other: v.CheckpointTensor = { dtype: 'F32', shape: [1], read: () => Promise.resolve(Float32Array.of(3)) };
    const checkpoint = { ...given, tensors: new Map([...given.tensors, ['norm.bias', other]]) };
    const found = v.atGridOf(model, checkpoint, trainedSize);
    expect(found).toMatchObject({ source: 'trained.pth' });
    expect(found.tensors.get('norm.bias')).toBe(other);
    const positions = found.tensors.get('pos_embed')!;
    expect(positions).toMatchObject({ dtype: 'F16', shape: [1, prefix + grid[0] * grid[1], 4] });
    const values = await positions.read();
    expect(values).toEqual(resamplePositions(given.values, old, grid, prefix));
    // What is given stays as it was.
    expect(checkpoint.tensors.get('pos_embed')!.shape).toBe(shape);
  }); // prettier-ignore

  test.each([
    ['of no square', [1, 7, 4], undefined, 6],
    ['of no patch', [1, 1, 4], undefined, 0],
    ['neither of the size that is said nor of a square', [1, 6, 4], [16, 24] as const, 5],
  ])('%s are refused', (_what, shape, trainedSize, patches) => {
    const refused = () => v.atGridOf(modelAt(16), positionsOf(shape), trainedSize);
    expect(refused).toThrow(v.WeightsError);
    expect(refused).toThrow(
      `"trained.pth" has ${patches} positions of patches, which are those of no grid that is known; use a ` +
        'checkpoint of this model.',
    );
  });
});
