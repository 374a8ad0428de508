import { expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { join } from 'node:path';
import { packageFolder } from './cli/command.js';

/** The rooms that a barrel carries into a page. */
async function roomsOf(barrel: string): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: [join(packageFolder, 'src', barrel)],
    absWorkingDir: packageFolder,
    bundle: true,
    platform: 'browser', // fails on anything of Node's
    format: 'esm',
    metafile: true,
    write: false,
  });
  const rooms = Object.keys(metafile.inputs).map((file) => /^src\/(\w+)\//.exec(file)?.[1]);
  return [...new Set(rooms.filter((room) => room !== undefined))].sort();
}

test('a page that explains carries neither training nor scenes, and nothing of Node', async () => {
  expect(await roomsOf('index.ts')).toEqual([
    'backends',
    'compiler',
    'evaluate',
    'explain',
    'image',
    'models',
    'nn',
    'pipeline',
    'tensor',
  ]);
});

test('a page that trains carries no method and no device', async () => {
  expect(await roomsOf('train/index.ts')).toEqual([
    'compiler',
    'data',
    'image',
    'models',
    'nn',
    'tensor',
    'train',
  ]);
});
