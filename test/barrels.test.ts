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
    'report',
    'tensor',
  ]);
});

test('a page that trains carries no device, and of methods what attention may be guided by', async () => {
  expect(await roomsOf('train/index.ts')).toEqual([
    'compiler',
    'data',
    'explain',
    'image',
    'models',
    'nn',
    'tensor',
    'train',
  ]);
});

test('a page that opens backends and pictures of its own carries the engine and pixels alone', async () => {
  expect(await roomsOf('web/index.ts')).toEqual(['backends', 'compiler', 'image', 'tensor', 'web']);
});

test('what a worker imports to be a thread is not left out for having no names', async () => {
  const { outputFiles } = await build({
    stdin: { contents: "import 'vitrine/web/wasm-thread';", resolveDir: packageFolder },
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
  });
  expect(outputFiles[0].text).toContain('addEventListener');
});

/** Bytes that a page carries for some names of a barrel, as bundlers leave them. */
async function bytesFor(names: string, use: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { ${names} } from './src/index.ts'; ${use}`,
      resolveDir: packageFolder,
      loader: 'ts',
    },
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'esm',
    write: false,
  });
  return outputFiles[0].contents.length;
}

test('modules have no side effects, so that a page carries what it uses and no more', async () => {
  // An operation is a few lines, and what looks at what it is given. Not the table of all, nor any label.
  expect(await bytesFor('softmax', 'console.log(softmax)')).toBeLessThan(2000);
  const explainer = 'Explainer, VisionTransformer, rollout, chooseMethods, WebGPUBackend';
  expect(await bytesFor(explainer, `console.log(${explainer})`)).toBeLessThan(116_400);
});
