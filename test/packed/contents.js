import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { list } from 'tar';

/** The packed file holds what a user needs, which follows from the sources, and nothing else. */
export function checkContents(packed, checkout) {
  const found = [];
  list({
    file: packed,
    sync: true,
    onReadEntry: ({ path }) => found.push(path.replace(/^package\//, '')),
  });
  const model = 'weights/vit_scenes_patch8_72';
  const expected = [
    ...['LICENSE', 'README.md', 'package.json'],
    ...['main', 'command', 'engine-thread', 'pictures-thread'].map((name) => `dist/bin/${name}.cjs`),
    // The command is bundled, and so are its threads; the modules that it alone is made of are not looked for.
    ...filesIn(checkout, 'src').flatMap((file) => {
      if (file.startsWith('src/cli/') || !file.endsWith('.ts')) return [];
      const compiled = file.replace(/^src/, 'dist').replace(/\.ts$/, '');
      return [`${compiled}.js`, `${compiled}.d.ts`];
    }),
    ...['native/binding.gyp', 'native/install.js', ...filesIn(checkout, 'native/src')],
    ...['dist/wasm/alone.wasm', 'dist/wasm/threads.wasm'],
    ...filesIn(checkout, 'shaders'),
    'docs/explanation.schema.json',
    ...[`${model}.safetensors`, `${model}/README.md`, 'weights/README.md'],
    'weights/self-check/micro.safetensors',
    // What `vitrine methods` tells, and the licence of the letters in pictures.
    ...['docs/methods.md', 'docs/configuration.md', 'src/report/typeface/OFL.txt'],
    // Configurations to begin a training from.
    ...['fashion-mnist', 'pictures', 'study'].flatMap((name) => [
      `recipes/${name}/config.json`,
      `recipes/${name}/README.md`,
    ]),
    ...['recipes/scenes/config.json', 'recipes/study/guide.json'],
  ];
  assert.deepEqual(found.sort(), expected.sort(), 'the packed files are not those that are needed');
}

function filesIn(checkout, folder) {
  return readdirSync(join(checkout, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(checkout.length).split(sep).join('/'));
}
