// Writes the table and the picture of study.md anew, of the runs that are finished in a folder, from the built package:
//   npm run study -- --config recipes/study/config.json --out training/study
//   node docs/update-study.js training/study
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('Name the folder of a study: node docs/update-study.js training/study');
  process.exit(2);
}
const at = (name) => fileURLToPath(new URL(name, import.meta.url));
const command = [
  at('../dist/bin/main.cjs'),
  'study',
  '--config',
  at('../recipes/study/config.json'),
  '--out',
  folder,
];
const { status } = spawnSync(process.execPath, [...command, '--table'], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

const { runs, seeds, variations } = countOf(readFileSync(join(folder, 'runs.csv'), 'utf8'));
const all = JSON.parse(readFileSync(at('../recipes/study/config.json'), 'utf8'));
const planned = (1 + all.variations.length) * all.seeds.length;
const state =
  runs === planned
    ? `All ${planned} runs are finished.`
    : `Of ${planned} runs ${runs} ${runs === 1 ? 'is' : 'are'} finished, of ${variations} of ${1 + all.variations.length} models with at most ${seeds} of ${all.seeds.length} seeds; ` +
      'what is missing is not in the table.';
const picture = '![The table, and attention and saliency of four pictures for each model](study.png)';
const made = ['', state, '', readFileSync(join(folder, 'study.md'), 'utf8').trimEnd(), '', picture, ''].join(
  '\n',
);
const document = readFileSync(at('study.md'), 'utf8');
writeFileSync(
  at('study.md'),
  document.replace(
    /(<!-- study -->\n)[^]*(<!-- \/study -->)/,
    (_, before, after) => `${before}${made}\n${after}`,
  ),
);
// At the size that a page shows it at, and compressed for as long as it takes.
const drawn = sharp(join(folder, 'study.png'));
const { width } = await drawn.metadata();
await drawn
  .resize({ width: Math.round(width / 2) })
  .png({ compressionLevel: 9, adaptiveFiltering: true })
  .toFile(at('study.png'));

/** How many runs there are, and of how many models and seeds. */
function countOf(csv) {
  const rows = csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
  const different = (column) => new Set(rows.map((row) => row[column])).size;
  return { runs: rows.length, variations: different(0), seeds: different(1) };
}
