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

  const [explained, expected] = [join(project, 'explanations'), out].map((folder) =>
    JSON.parse(readFileSync(join(folder, 'scene.json'), 'utf8')),
  );
  assert.equal(explained.predictions[0].label, 'dog');
  assert.equal(explained.device.backend, expected.device.backend, 'another backend than in this checkout');
  assert.deepEqual(explained.predictions, expected.predictions);
  assert.deepEqual(
    explained.explanations.map(({ values }) => values),
    expected.explanations.map(({ values }) => values),
  );
  assert.deepEqual(
    explained.explanations.map(({ values, grid: [rows, columns] }) => values.length === rows * columns),
    [true, true],
  );
  const { width, height } = readPng(join(project, 'examples', 'scene.png'));
  for (const index of [0, 1]) {
    const map = readPng(join(project, 'explanations', `scene.gradient-rollout.${index}.png`));
    assert.deepEqual([map.width, map.height], [width, height]);
  }
}

export function readPng(path) {
  return PNG.sync.read(readFileSync(path));
}
