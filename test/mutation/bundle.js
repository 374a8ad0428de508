// Bundles the suites of the rooms that are named into one file: jest then has one module to load for each change of the
// sources, not some hundred modules for each suite.
import { build } from 'esbuild';
import { readdirSync } from 'node:fs';
import { leftOut, ofAllRooms, rooms } from './rooms.js';

const folders = process.argv.slice(2).flatMap((room) => rooms[room].suites);
const suites = folders
  .flatMap((folder) => readdirSync(folder).map((name) => `./${folder}/${name}`))
  .filter((path) => path.endsWith('.test.ts') && !leftOut.some((pattern) => pattern.test(path)));

await build({
  stdin: {
    contents: [...suites, ...ofAllRooms.map((path) => `./${path}`)]
      .map((path) => `import '${path}';`)
      .join('\n'),
    resolveDir: '.',
  },
  // As deep as the suites are: they name files of theirs relative to themselves.
  outfile: 'test/mutation/suites.mjs',
  bundle: true,
  platform: 'node',
  target: 'node20',
  // The package says that its modules do nothing by being imported; suites do.
  ignoreAnnotations: true,
  format: 'esm',
  alias: { '@jest/globals': './test/mutation/globals.js' },
  external: ['expect', 'jest-each', 'jest-mock', 'mocha', 'pngjs', 'sharp', 'webgpu', '@huggingface/hub'],
  logLevel: 'warning',
});
