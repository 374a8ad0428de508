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

  const { width, height } = readPng(join(project, 'examples', 'scene.png'));
  for (const index of [0, 1]) {
    const name = `scene.vit_scenes_patch8_72.gradient-rollout.${index}`;
    const [explained, expected] = [join(project, 'explanations'), out].map((folder) =>
      JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')),
    );
    assert.equal(explained.predictions[0].label, 'dog');
    assert.equal(explained.device.backend, expected.device.backend, 'another backend than in this checkout');
    assert.deepEqual(explained.predictions, expected.predictions);
    const [[map], [expectedMap]] = [explained.explanations, expected.explanations];
    assert.deepEqual(map.values, expectedMap.values);
    assert.equal(map.values.length, map.grid[0] * map.grid[1]);
    const drawn = readPng(join(project, 'explanations', `${name}.png`));
    assert.deepEqual([drawn.width, drawn.height], [width, height]);
  }
}

export function readPng(path) {
  return PNG.sync.read(readFileSync(path));
}
