import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import ts from 'typescript';
import { loadModel } from '../../src/node/index.js';
import { packageFolder, run } from '../cli/command.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-loop-'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(packageFolder, join(folder, 'node_modules', 'vitrine'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Pictures of two colours, none like another. */
async function makePictures(): Promise<void> {
  for (const [name, colour] of Object.entries({ red: [200, 40, 40], blue: [40, 40, 200] })) {
    await mkdir(join(folder, 'pictures', name), { recursive: true });
    for (let i = 0; i < 10; i++) {
      const background = { r: colour[0] + 5 * i, g: colour[1] + 4 * i, b: colour[2] - 3 * i };
      const picture = sharp({ create: { width: 40 + i, height: 36, channels: 3, background } });
      await picture.png().toFile(join(folder, 'pictures', name, `${i}.png`));
    }
  }
}

test('the loop of the documents learns, and leaves a model that can be explained', async () => {
  await makePictures();
  const document = readFileSync(join(packageFolder, 'docs', 'training.md'), 'utf8');
  const [, code] = /^```ts\n(.*?)^```$/ms.exec(document)!;
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  await writeFile(join(folder, 'loop.mjs'), outputText);
  const { status, stdout, stderr } = await run(process.execPath, ['loop.mjs'], { cwd: folder });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const losses = stdout.trim().split('\n').map(Number);
  expect(losses).toHaveLength(60);
  expect(losses[0]).toBeGreaterThan(0.5);
  expect(losses[59]).toBeLessThan(0.1);
  expect(await loadModel({ name: join(folder, 'model.safetensors') })).toMatchObject({
    name: 'own',
    labels: ['blue', 'red'],
  });
});
