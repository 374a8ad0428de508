// Measures the boxes and masks that `--objects` finds on maps, and writes the tables of objects.md anew, from the built package:
// `npm run build` first. It takes some minutes on two cores.
//   node docs/measure-objects.js --scenes DIR [--others DIR] [--weights FILE]
// DIR has the index.json and masks of scenes as large as the model's input: of --scenes the tables are made by which a threshold
// was chosen, of --others those that show whether it holds elsewhere. `vitrine evaluate --measure objects` does the same on any
// data set.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  boxIou,
  centreGaussianBaseline,
  chooseMethods,
  Explainer,
  findMethods,
  maskIou,
  maskOfPicture,
  randomBaseline,
  uniformBaseline,
} from '../dist/index.js';
import { loadModel, openBackend, readPicture } from '../dist/node/index.js';

const { values: given } = parseArgs({
  options: {
    scenes: { type: 'string' },
    others: { type: 'string' },
    weights: { type: 'string' },
  },
});

const names = [
  ...[
    'recommended',
    'rollout',
    'gradient-rollout',
    'chefer-iccv21',
    'handoff',
    'legrad',
    'tokentm',
    'signed',
  ],
  ...['libra-skipplus', 'libra-handoff', 'libra-chefer-iccv21', 'libra-gradient-rollout'],
];
const thresholds = ['mean', 'otsu', 0.05, 0.1, 0.15, 0.2, 0.3];
/** What the thresholds are compared on. */
const compared = ['recommended', 'rollout', 'gradient-rollout', 'chefer-iccv21', 'libra-skipplus'];
const baselines = {
  uniform: (grid) => uniformBaseline(grid),
  centre: (grid) => centreGaussianBaseline(grid),
  random: randomBaseline,
};

const loaded = await loadModel({ name: 'deit_tiny_patch16_224', weights: given.weights });
const { backend } = await openBackend('native');
const methods = chooseMethods(findMethods(names.join(',')), {}, loaded.model.config);
// Scenes are fed as they are, so that a mask needs no geometry.
const subject = { ...loaded, preprocessing: { ...loaded.preprocessing, fit: 'squash' } };
const explainer = await Explainer.create(subject, backend, { methods, targets: 2, score: 'log-probability' });

/** A row of an object: its maps by name, and its mask. */
const objects = [
  ...(await objectsOf(given.scenes, ({ length }) => (length === 1 ? 'singles' : 'pairs'))),
  ...(given.others === undefined ? [] : await objectsOf(given.others, () => 'other pairs')),
];
explainer.dispose();
backend.destroy();

const sets = [...new Set(objects.map(({ set }) => set))];
const head = ['box', 'mask', 'right'].flatMap((what) => sets.map((set) => `${what}, ${set}`));
writeTables({
  methods: [
    ['method', ...head],
    ...[...names, ...Object.keys(baselines)].map((name) => [`\`${name}\``, ...scoresOf(name)]),
  ],
  thresholds: [
    ['threshold', ...compared.map((name) => `\`${name}\``)],
    ...thresholds.map((threshold) => [
      `\`${threshold}\``,
      ...compared.map((name) => masksOf(name, threshold)),
    ]),
  ],
});

async function objectsOf(folder, setOf) {
  const { items } = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'));
  const found = [];
  for (const [seed, { image, objects: those }] of items.entries()) {
    const ready = explainer.makeReady(await readPicture(join(folder, image)));
    const targets = [those[0], those.at(-1)].map(({ class: index }) => ({ kind: 'class', index }));
    const [{ maps }] = await explainer.explain([ready], [targets]);
    for (const [i, { mask }] of those.entries()) {
      const own = new Map();
      for (const map of maps) {
        // Of a method of classes the map of the second class follows that of the first.
        if (map.target === undefined || !own.has(map.method.name) || i === 1) own.set(map.method.name, map);
      }
      for (const [name, make] of Object.entries(baselines)) own.set(name, make(maps[0].grid, 2 * seed + i));
      found.push({
        set: setOf(those),
        maps: own,
        mask: maskOfPicture(await readPicture(join(folder, mask))),
      });
    }
  }
  return found;
}

/** Of each set: overlap of boxes, of masks, and the share of boxes that overlap by half. */
function scoresOf(name) {
  const inSets = sets.map((set) => objects.filter((object) => object.set === set));
  const boxes = inSets.map((some) => some.map(({ maps, mask }) => boxIou(maps.get(name), mask)));
  const masks = inSets.map((some) => some.map(({ maps, mask }) => maskIou(maps.get(name), mask)));
  const right = boxes.map((some) => some.map((overlap) => Number(overlap >= 0.5)));
  return [...boxes, ...masks, ...right].map(mean);
}

/** Of all objects: overlap of boxes, and of masks. */
function masksOf(name, threshold) {
  const of = (overlap) => mean(objects.map(({ maps, mask }) => overlap(maps.get(name), mask, threshold)));
  return `${of(boxIou)} / ${of(maskIou)}`;
}

function mean(values) {
  return (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(3).replace(/^0/, '');
}

/** Between two marks of the page. */
function writeTables(tables) {
  const path = join(fileURLToPath(new URL('.', import.meta.url)), 'objects.md');
  let page = readFileSync(path, 'utf8');
  for (const [name, [titles, ...rows]] of Object.entries(tables)) {
    const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
    const lines = [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`);
    const [before, rest] = page.split(begin);
    page = `${before}${begin}\n\n${lines.join('')}\n${end}${rest.split(end)[1]}`;
  }
  writeFileSync(path, page);
}
