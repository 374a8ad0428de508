import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from '../../src/index.js';
import { loadModel, resolveModel } from '../../src/node/index.js';
import { initialize } from '../../src/train/index.js';
import { haveSameBits } from '../support/compare.js';
import { aboutOwn as about, ownConfig } from '../support/own-model.js';

const config: v.VisionTransformerConfig = { ...ownConfig, registers: 2, mlp: 'quick-gelu' };

let folder: string;
const model = new v.VisionTransformer(config);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-own-'));
  initialize(model, { seed: 1 });
  await mkdir(join(folder, 'training'));
  await writeFile(join(folder, 'training', 'model.safetensors'), v.writeModel(model, about));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a file that says itself what model it holds', () => {
  test.each([
    [{ name: 'training' }, 'training'],
    [{ name: 'training/model.safetensors' }, 'own'],
    [{ weights: 'training/model.safetensors' }, 'own'],
  ])('is all that %j needs', async (request, name) => {
    const [[option, path]] = Object.entries(request);
    const loaded = await loadModel({ [option]: join(folder, path) });
    expect(loaded).toMatchObject({ ...about, name, output: 'classes', concluded: [] });
    expect(loaded.model.config).toEqual(model.config);
    const learned = new Map(model.namedParameters());
    for (const [parameter, { storage }] of loaded.model.namedParameters()) {
      expect(haveSameBits(storage.values!, learned.get(parameter)!.storage.values!)).toBe(true);
    }
  });

  test('is not taken for the default model, whatever its tensors', async () => {
    const tiny = new v.VisionTransformer({ ...v.findModel(v.defaultModelName).config, classes: 2 });
    initialize(tiny, { scheme: 'zeros' });
    const path = join(folder, 'tuned.safetensors');
    await writeFile(
      path,
      v.writeModel(tiny, { ...about, preprocessing: v.imagenetPreprocessing, labels: ['a', 'b'] }),
    );
    expect(await resolveModel({ weights: path })).toMatchObject({ name: 'own', labels: ['a', 'b'] });
  });

  test('may be from before files said it', async () => {
    const path = join(folder, 'older.safetensors');
    const sizes = { imageSize: 24, patchSize: 8, width: 18, depth: 1, heads: 3, hidden: 20 };
    const scenes = new v.VisionTransformer({ ...sizes, channels: 3, classes: 16, layerNormEpsilon: 1e-6 });
    initialize(scenes);
    const tensors = [...scenes.namedParameters()].map(
      ([name, { shape, storage }]) => [name, { shape, values: storage.values! }] as const,
    );
    const training = JSON.stringify({ name: 'small', model: sizes, data: { set: 'scenes' }, batch: 4 });
    await writeFile(path, v.writeSafetensors(new Map(tensors), { step: '3', config: training }));
    expect(await loadModel({ name: path })).toMatchObject({
      name: 'small',
      labels: v.sceneLabels,
      preprocessing: v.scenesPreprocessing(24),
    });
  });

  test('is refused by its path where it says what cannot be', async () => {
    const path = join(folder, 'bad.safetensors');
    await writeFile(path, v.writeSafetensors(new Map(), { vitrine: '{"name": ' }));
    const failure: unknown = await resolveModel({ name: path }).catch((error: unknown) => error);
    expect(failure).toEqual(
      new v.WeightsError(`"${path}" says of itself what cannot be: it ends too early.`),
    );
  });
});
