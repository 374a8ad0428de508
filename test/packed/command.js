import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { run } from './run.js';

/** The first command of the README explains its picture in the project as it does in this checkout. */
export function checkCommand(project, checkout) {
  const readme = readFileSync(join(checkout, 'README.md'), 'utf8');
  const [, options] = /^npm ci && npm run explain -- (.*)$/m.exec(readme);
  const args = ['explain', ...options.split(' ')];
  console.log(run('npx', ['--no', 'vitrine', ...args], { cwd: project }));
  const out = join(project, 'here');
  run(process.execPath, [join(checkout, 'dist', 'bin', 'main.cjs'), ...args, '--out', out], { cwd: project });

  const name = 'scene.vit_scenes_patch8_72.panel';
  const [explained, expected] = [join(project, 'explanations'), out].map((folder) =>
    JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')),
  );
  assert.deepEqual(
    explained.predictions.slice(0, 2).map(({ label }) => label),
    ['dog', 'cat'],
  );
  assert.equal(explained.device.backend, expected.device.backend, 'another backend than in this checkout');
  assert.deepEqual(explained.predictions, expected.predictions);
  assert.deepEqual(
    explained.explanations.map((map) => [map.method, map.class, map.values]),
    expected.explanations.map((map) => [map.method, map.class, map.values]),
  );
  for (const map of explained.explanations) assert.equal(map.values.length, map.grid[0] * map.grid[1]);
  const drawn = readPng(join(project, 'explanations', `${name}.png`));
  const expectedDrawn = readPng(join(out, `${name}.png`));
  assert.ok(drawn.data.equals(expectedDrawn.data), 'another picture than in this checkout');
}

export function readPng(path) {
  return PNG.sync.read(readFileSync(path));
}
