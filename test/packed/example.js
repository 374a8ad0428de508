import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPng } from './command.js';
import { run } from './run.js';

/** The README's example passes the type checker however its user's modules are resolved, and draws its maps. */
export function checkExample(project, checkout) {
  const example = exampleOf(readFileSync(join(checkout, 'README.md'), 'utf8'));
  writeFileSync(
    join(project, 'example.ts'),
    haveDeit(project, checkout) ? example : withShippedModel(example),
  );
  const barrels = ['vitrine', 'vitrine/train', 'vitrine/node', 'vitrine/web'];
  writeFileSync(
    join(project, 'barrels.ts'),
    barrels.map((name, i) => `export * as b${i} from '${name}';\n`).join(''),
  );
  const compiler = join(checkout, 'node_modules', 'typescript', 'bin', 'tsc');
  for (const [module, resolution] of [
    ['esnext', 'bundler'],
    ['nodenext', 'nodenext'],
  ]) {
    const options = ['--strict', '--target', 'es2023', '--module', module, '--moduleResolution', resolution];
    run(process.execPath, [compiler, ...options, 'example.ts', 'barrels.ts'], { cwd: project });
  }
  for (const script of ['barrels.js', 'example.js']) run(process.execPath, [script], { cwd: project });

  const picture = readPng(join(project, 'examples', 'chelsea.png'));
  const maps = ['rollout', 'gradient-rollout'].map((name) => readPng(join(project, `${name}.png`)));
  for (const { width, height } of maps) assert.deepEqual([width, height], [picture.width, picture.height]);
  const [first, second] = maps.map(({ data }) => data);
  assert.ok(!first.equals(second) && !first.equals(picture.data), 'the example drew nothing of its own');
}

/** The block under "The library". */
function exampleOf(readme) {
  const [, code] = /^## The library\n\n```ts\n(.*?)^```$/ms.exec(readme);
  return code;
}

const deit = 'deit_tiny_patch16_224';

function haveDeit(project, checkout) {
  const { VITRINE_REFERENCE: reference } = process.env;
  const folders = [checkout, ...(reference ? [reference] : [])];
  const file = folders.map((folder) => join(folder, 'weights', `${deit}.safetensors`)).find(existsSync);
  if (!file) return false;
  cpSync(file, join(project, 'node_modules', 'vitrine', 'weights', `${deit}.safetensors`));
  return true;
}

/** The same with the model that ships, which has fewer classes. */
function withShippedModel(example) {
  console.log(
    `packed: there are no weights of ${deit} on this machine; the model that ships takes its place`,
  );
  const changed = example.replace(deit, 'vit_scenes_patch8_72').replace(/\bindex: \d+/, 'index: 1');
  assert.equal(changed.match(/vit_scenes_patch8_72|index: 1\b/g)?.length, 2, 'the example has changed');
  return changed;
}
