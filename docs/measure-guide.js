// Measures where the maps of the models lie that a study of guided attention has made, from the built package:
//   node dist/bin/main.cjs study --config recipes/study/guide.json --out training/guide
//   node docs/measure-guide.js training/guide
// SMM is the share of a map on the one object of a scene; discrimination, of scenes of two objects, the share of what lies on
// either that lies on the one that is explained.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readSprites } from '../dist/node/pictures/sprites.js';
import { chooseMethods, energy, Explainer, findMethod, saliency } from '../dist/index.js';
import { loadModel, openBackend } from '../dist/node/index.js';
import { makeScene, singleScenes } from '../dist/train/index.js';

const [folder, packages = 'recipes/scenes/sprites/node_modules'] = process.argv.slice(2);
const scenes = 300;
const [seed, first, side] = [2, 2 ** 30, 64];
const names = ['rollout', 'gradient-rollout', 'attention-gradient'];
const sprites = (await readSprites(packages, ['google', 'twitter', 'openmoji'], side)).slice(0, 10);
const singles = singleScenes(sprites, { seed, first, count: scenes, side });
const { backend } = await openBackend();

console.log(`variation, seed: ${names.map((name) => `SMM and discrimination of ${name}`).join(', ')}`);
for (const variation of readdirSync(join(folder, 'runs'))) {
  for (const run of readdirSync(join(folder, 'runs', variation))) {
    const loaded = await loadModel({ name: join(folder, 'runs', variation, run, 'model.safetensors') });
    const figures = await figuresOf(loaded);
    const words = figures.map(([smm, discrimination]) => `${smm.toFixed(3)} ${discrimination.toFixed(3)}`);
    console.log(`${variation}, ${run}: ${words.join(', ')}`);
  }
}
backend.destroy();

/** The means of both, method by method. */
async function figuresOf({ model, preprocessing }) {
  const methods = chooseMethods(names.map(findMethod), {}, model.config);
  const explainer = await Explainer.create({ model, preprocessing }, backend, { methods });
  const sums = names.map(() => [0, 0]);
  for (let i = 0; i < scenes; i++) {
    const maps = await mapsOf(explainer, await singles.picture(i), singles.labels[i]);
    const mask = await singles.mask(i);
    maps.forEach((map, m) => (sums[m][0] += energy(saliency(map, mask), mask) / scenes));
    const { picture, objects } = makeScene(sprites, seed, first + i, side, { count: 2 });
    for (const [own, other] of [objects, [...objects].reverse()]) {
      const found = await mapsOf(explainer, picture, own.classIndex);
      found.forEach((map, m) => {
        const [on, beside] = [own, other].map((object) => energy(saliency(map, object.mask), object.mask));
        // A map that lies on neither tells nothing.
        sums[m][1] += (on + beside > 0 ? on / (on + beside) : 0.5) / (2 * scenes);
      });
    }
  }
  explainer.dispose();
  return sums;
}

async function mapsOf(explainer, picture, index) {
  const [{ maps }] = await explainer.explain([explainer.makeReady(picture)], [[{ kind: 'class', index }]]);
  return maps;
}
