import { describe, expect, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as v from '../../src/index.js';
import { resamplePositions } from '../../src/models/positions.js';
import { backendNames, evaluate, useBackends } from '../support/backends.js';
import { difference } from '../support/compare.js';
import { describeWithReference } from '../support/reference.js';
import { readMetadata, readSafetensors } from '../support/safetensors.js';
import { zooFixtures, zooModel } from '../support/zoo.js';

interface Case {
  readonly old: readonly [number, number];
  readonly new: readonly [number, number];
  readonly prefix: number;
}

describe('positions at another grid, against timm', () => {
  const path = join(zooFixtures, 'positions.safetensors');
  const stored = readSafetensors(path);
  const cases = Object.entries(JSON.parse(readMetadata(path)['cases']) as Record<string, Case>);
  const ofTimm = cases.filter(([name]) => name.startsWith('timm'));

  test('there are cases of every kind', () => {
    expect(ofTimm.length).toBeGreaterThanOrEqual(10);
  });

  test.each(ofTimm)('%s', (name, { old, new: wanted, prefix }) => {
    const given = stored(`${name}.in`).values as Float32Array;
    const found = resamplePositions(given, old, wanted, prefix);
    expect(difference(found, stored(`${name}.out64`).values).absolute).toBeLessThan(1e-6);
    expect(difference(found, stored(`${name}.out`).values).absolute).toBeLessThan(1e-5);
    const kept = prefix * stored(`${name}.in`).shape[2];
    expect(found.subarray(0, kept)).toEqual(given.subarray(0, kept));
  });

  test('as many patches in another grid are resampled, not taken in their old order', () => {
    const given = Float32Array.from({ length: 6 * 4 }, (_, i) => Math.floor(i / 4)); // rows of 2 x 3, then none alike
    const turned = resamplePositions(given, [2, 3], [3, 2], 0);
    expect(turned).toHaveLength(given.length);
    expect(difference(turned, given).absolute).toBeGreaterThan(0.1);
  });
});

describe('positions at another grid, which are the same everywhere', () => {
  /** A token before the patches, then patches of one number. */
  const given = (count: number): Float32Array => new Float32Array(2 + 2 * count).fill(3).fill(7, 0, 2);

  test.each<[string, [number, number], [number, number]]>([
    ['more rows', [2, 3], [5, 3]],
    ['more columns', [2, 3], [2, 4]],
    ['fewer rows', [4, 2], [1, 2]],
    ['other rows and columns', [2, 3], [3, 5]],
  ])('stay what they are: %s', (_what, old, grid) => {
    const found = resamplePositions(given(old[0] * old[1]), old, grid, 1);
    const expected = given(grid[0] * grid[1]);
    expect(found).toHaveLength(expected.length);
    expect(difference(found, expected).absolute).toBeLessThan(1e-6);
  });

  test('are not even copied for the same grid', () => {
    const values = given(6);
    expect(resamplePositions(values, [2, 3], [2, 3], 1)).toBe(values);
  });
});

/** timm keeps the order of as many patches in another grid, where this resamples. */
const silentlyWrong = /^vit_reg4_no_embed__32x24/;

describeWithReference('models at another image size, against timm', (folder) => {
  const backends = useBackends();
  const resized = join(folder, 'zoo', 'resized');
  const files = readdirSync(resized).filter(
    (file) => file.endsWith('.golden.safetensors') && !silentlyWrong.test(file),
  );

  test.each(files)('%s', async (file) => {
    const [, name, height, width] = /^(\w+?)__(\d+)x(\d+)_/.exec(file)!;
    const golden = readSafetensors(join(resized, file));
    const { model: trained } = zooModel(join(folder, 'zoo', 'models'), name);
    const size = [Number(height), Number(width)] as const;
    const model = new v.VisionTransformer({ ...trained.config, imageSize: size });
    const parameters = new Map(trained.namedParameters());
    const prefix = trained.config.prefixPositions ? trained.geometry.prefixTokens : 0;
    for (const [own, parameter] of model.namedParameters()) {
      const values = parameters.get(own)!.storage.values as Float32Array;
      parameter.assign(
        own === 'pos_embed'
          ? resamplePositions(values, trained.geometry.grid, model.geometry.grid, prefix)
          : values,
      );
    }
    const positions = new Map(model.namedParameters()).get('pos_embed')!.storage.values!;
    expect(difference(positions, golden('pos_embed').values).absolute).toBeLessThan(1e-5);
    const metadata = readMetadata(join(resized, file));
    const { logits: allowed } = JSON.parse(metadata['tolerance']) as Record<string, { max_abs: number }>;
    const image = v.constant(golden('input').values as Float32Array, golden('input').shape);
    const expected = golden('logits').values;
    for (const name of backendNames) {
      const { logits } = await evaluate({ logits: model.call(image) }, backends[name]);
      expect(difference(logits, expected).absolute).toBeLessThan(5 * allowed.max_abs);
    }
  });
});
