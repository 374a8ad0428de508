import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  boxIou,
  centreGaussianBaseline,
  chooseMethods,
  Explainer,
  maskIou,
  maskOfPicture,
  recommended,
  uniformBaseline,
  type Mask,
  type PatchMap,
} from '../../src/index.js';
import { loadModel, openBackend, readPicture } from '../../src/node/index.js';
import { packageFolder } from '../cli/command.js';
import { describeWithReference } from '../support/reference.js';

/* The table of objects.md, made again in part: the baselines of all scenes, and the recommended method of those with one object. */

/** The rows of the first table: overlap of boxes and of masks in scenes with one object. */
function committed(method: string): readonly [box: number, mask: number] {
  const page = readFileSync(join(packageFolder, 'docs', 'objects.md'), 'utf8');
  const row = page.split('\n').find((line) => line.startsWith(`| \`${method}\``));
  const cells = row!.split('|').map((cell) => cell.trim());
  const titles = page
    .split('\n')
    .find((line) => line.startsWith('| method'))!
    .split('|')
    .map((cell) => cell.trim());
  const [box, mask] = ['box, singles', 'mask, singles'].map((title) => Number(cells[titles.indexOf(title)]));
  return [box, mask];
}

interface Scene {
  readonly image: string;
  readonly objects: readonly { readonly class: number; readonly mask: string }[];
}

describeWithReference('the table of objects', (folder) => {
  const at = (file: string): string => join(folder, 'localization', file);
  const { items } = JSON.parse(readFileSync(at('index.json'), 'utf8')) as { items: Scene[] };
  const singles = items.filter(({ objects }) => objects.length === 1);
  const maskOf = async ({ objects: [{ mask }] }: Scene): Promise<Mask> =>
    maskOfPicture(await readPicture(at(mask)));

  async function meansOf(mapOf: (scene: Scene) => Promise<PatchMap>): Promise<readonly number[]> {
    const found: number[][] = [];
    for (const scene of singles) {
      const [map, mask] = [await mapOf(scene), await maskOf(scene)];
      found.push([boxIou(map, mask)!, maskIou(map, mask)!]);
    }
    return [0, 1].map((i) => found.reduce((sum, each) => sum + each[i], 0) / found.length);
  }

  test.each([
    ['uniform', uniformBaseline([14, 14])],
    ['centre', centreGaussianBaseline([14, 14])],
  ])('has what a map that is %s comes to', async (name, map) => {
    const means = await meansOf(() => Promise.resolve(map));
    committed(name).forEach((told, i) => {
      expect(Math.abs(means[i] - told)).toBeLessThanOrEqual(0.00051);
    });
  });

  test('has what the recommended method comes to', async () => {
    const loaded = await loadModel({
      name: 'deit_tiny_patch16_224',
      weights: join(folder, 'weights', 'deit_tiny_patch16_224.safetensors'),
    });
    const { backend } = await openBackend('native');
    const methods = chooseMethods([recommended], {}, loaded.model.config);
    const subject = { ...loaded, preprocessing: { ...loaded.preprocessing, fit: 'squash' as const } };
    const explainer = await Explainer.create(subject, backend, { methods });
    const means = await meansOf(async ({ image, objects: [{ class: index }] }) => {
      const ready = explainer.makeReady(await readPicture(at(image)));
      const [{ maps }] = await explainer.explain([ready], [[{ kind: 'class', index }]]);
      return maps[0];
    });
    explainer.dispose();
    backend.destroy();
    // On another processor a pixel may fall to the other side.
    committed('recommended').forEach((told, i) => {
      expect(Math.abs(means[i] - told)).toBeLessThanOrEqual(0.002);
    });
  }, 300_000);
});
