import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as v from '../../src/index.js';
import { parseLog } from '../../src/train/index.js';
import { loadModel, type LoadedModel } from '../../src/node/models/models.js';
import { openNative } from '../../src/node/devices/native.js';
import { readPicture } from '../../src/node/pictures/read.js';
import { packageFolder } from '../cli/command.js';

/** The share of a map's weight in its first rows. */
function shareAbove(values: v.Values, end: number): number {
  const sum = (part: number[]): number => part.reduce((total, value) => total + value, 0);
  return sum(Array.from(values).slice(0, end)) / sum(Array.from(values));
}

describe('the model that ships', () => {
  let loaded: LoadedModel;
  let backend: v.Backend;
  beforeAll(async () => {
    loaded = await loadModel({ name: v.demoModel.name });
    backend = openNative();
  });
  afterAll(() => {
    backend.destroy();
  });

  test('is small, and was made by the recipe', async () => {
    const { path } = loaded.weights;
    expect(statSync(path).size).toBeLessThan(6e6);
    const { metadata } = await v.openSafetensors(v.bytesSource(path, readFileSync(path)));
    const recipe = join(packageFolder, 'recipes', 'scenes', 'further.json');
    expect(JSON.parse(metadata['config'])).toEqual(JSON.parse(readFileSync(recipe, 'utf8')));
    const log = join(packageFolder, 'weights', v.demoModel.name, 'log.csv');
    const rows = parseLog(readFileSync(log, 'utf8'), log);
    expect(String(rows.at(-1)!.step)).toBe(metadata['step']);
  });

  test('sees the dog beside the cat, and can tell them apart', async () => {
    const { model, preprocessing, labels } = loaded;
    const picture = await readPicture(join(packageFolder, 'examples', 'scene.png'));
    const { values: image } = v.preprocess(picture, preprocessing);
    const pass = v.forwardPass(model, v.input('image', [1, ...model.inputShape]));
    const targets = (['dog', 'cat'] as const).map((name) => v.targetInput(name, pass.logits, { ranks: 0 }));
    const [dog, cat] = targets.map(({ seed }) => v.gradientRollout.map(v.explained(pass, seed)));
    const program = await v.compile({ logits: pass.logits, dog, cat }, backend);
    const classes = ['dog', 'cat'].map((name) => ({ kind: 'class', index: labels.indexOf(name) }) as const);
    const seeds = targets.map((target, i) => target.values([classes[i]]));
    const results = await program.run({ image, ...seeds[0], ...seeds[1] });
    program.dispose();
    const two = v.mostProbable(results.logits, labels, 2).map(({ label }) => label);
    expect(two.sort()).toEqual(['cat', 'dog']);
    // The upper third of the picture shows the cat alone.
    const [rows, columns] = model.geometry.grid;
    const above = Math.round(rows / 3) * columns;
    expect(shareAbove(results.cat, above)).toBeGreaterThan(shareAbove(results.dog, above) + 0.2);
  });
});
