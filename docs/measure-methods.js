// Measures the methods that the page which-method.md compares, and writes its tables and charts anew, from the built package:
// `npm run build` first. It takes an hour on two cores, and goes on where it was stopped.
//   node docs/measure-methods.js --scenes DIR --photographs DIR [--weights FILE] [--out DIR]
// DIR of scenes has the index.json and masks of scenes that are cut out of photographs; results in part go to --out.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: given } = parseArgs({
  options: {
    scenes: { type: 'string' },
    photographs: { type: 'string' },
    weights: { type: 'string' },
    threads: { type: 'string' },
    out: { type: 'string', default: 'evaluation' },
  },
});
const here = fileURLToPath(new URL('.', import.meta.url));
const command = join(here, '..', 'dist', 'bin', 'main.cjs');

const methods = [
  ...[
    'recommended',
    'rollout',
    'gradient-rollout',
    'chefer-iccv21',
    'handoff',
    'legrad',
    'tokentm',
    'attcat',
  ],
  ...[
    'signed',
    'attention-gradient',
    'token-gradcam',
    'attention-gradcam',
    'ixg',
    'input-gradient',
    'fullgrad-plus',
  ],
  ...[
    'libra-handoff',
    'libra-signed',
    'libra-skipplus',
    'libra-fullgrad-plus',
    'libra-attcat',
    'libra-chefer-iccv21',
  ],
  ...['libra-gradient-rollout', 'libra-tokentm', 'libra-ixg'],
];

/** Taking patches away costs 28 passes a map: these are measured by their masks alone. */
const ofMasksAlone = [
  ...['attention-gradient', 'attention-gradcam', 'ixg', 'input-gradient', 'fullgrad-plus', 'libra-signed'],
  ...['libra-tokentm', 'libra-ixg'],
];
const ofPatchesToo = methods.filter((method) => !ofMasksAlone.includes(method));
/** On the scenes, of these the masks say enough. */
const ofPhotographs = ['handoff', 'signed', 'token-gradcam', 'libra-gradient-rollout'];

/** What is measured, by the names of its tables. */
const tables = {
  scenes: { data: given.scenes, measure: 'localisation', target: 'logit,logprob', methods },
  singles: {
    data: given.scenes,
    only: '^single_\\d*[13579]\\.',
    measure: 'faithfulness',
    target: 'logit',
    methods: ofPatchesToo.filter((method) => !ofPhotographs.includes(method)),
    keepsPictures: true,
  },
  photographs: {
    data: given.photographs,
    only: '^[^/]*$',
    measure: 'faithfulness,sanity,stability,agreement',
    target: 'logit',
    methods: ofPatchesToo,
  },
};

for (const [
  name,
  { data, only, measure, target, methods: measured, keepsPictures = false },
] of Object.entries(tables)) {
  if (data === undefined) throw new Error('Say where the pictures are: --scenes DIR --photographs DIR.');
  const out = join(given.out, name);
  const options = {
    data,
    measure,
    target,
    method: measured.join(','),
    model: 'deit_tiny_patch16_224',
    device: 'native',
    out,
    ...(only === undefined ? {} : { only }),
    ...(given.weights === undefined ? {} : { weights: given.weights }),
    ...(given.threads === undefined ? {} : { threads: given.threads }),
  };
  const typed = Object.entries(options).flatMap(([option, value]) => [`--${option}`, value]);
  execFileSync(process.execPath, [command, 'evaluate', ...typed], { stdio: 'inherit' });
  mkdirSync(join(here, 'evaluation'), { recursive: true });
  for (const [from, to] of [
    ['table.csv', `${name}.csv`],
    ['chart.png', `${name}.png`],
    // Picture by picture, for whoever looks at a few of them again.
    ...(keepsPictures ? [['results.jsonl', `${name}.jsonl`]] : []),
  ]) {
    copyFileSync(join(out, from), join(here, 'evaluation', to));
  }
  writeTable(name, readFileSync(join(out, 'table.md'), 'utf8'));
}

/** Between two marks of the page. */
function writeTable(name, markdown) {
  const path = join(here, 'which-method.md');
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const page = readFileSync(path, 'utf8');
  const [before, rest] = page.split(begin);
  const after = rest.split(end)[1];
  writeFileSync(path, `${before}${begin}\n\n${markdown}\n${end}${after}`);
}
