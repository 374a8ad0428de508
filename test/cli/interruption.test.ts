import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoModel } from '../../src/index.js';
import { readPicture } from '../../src/node/pictures/read.js';
import { environmentOfPerson, packageFolder, packageJson, sentenceOf } from './command.js';

let folder: string;
const count = 40;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-interruption-'));
  for (let i = 0; i < count; i++) {
    await copyFile(join(packageFolder, 'examples', 'scene.png'), join(folder, `${i}.png`));
  }
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

test.each([
  ['Ctrl-C', 'SIGINT', 130],
  ['a terminal that is closed', 'SIGHUP', 129],
  ['whoever ends processes', 'SIGTERM', 143],
] as const)('%s stops after what is done; nothing is half-written', async (_, name, expected) => {
  const out = join(folder, name);
  const images = Array.from({ length: count }, (_, i) => `${i}.png`);
  const args = [
    'explain',
    '--model',
    demoModel.name,
    '--device',
    'reference',
    '--method',
    'rollout',
    '--out',
    out,
    ...images,
  ];
  const child = spawn(process.execPath, [join(packageFolder, packageJson.bin.vitrine), ...args], {
    cwd: folder,
    env: environmentOfPerson(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr, asked] = ['', '', false];
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (stderr += piece));
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    stdout += piece;
    // The second picture is under way.
    if (!asked && stdout.includes('values: ')) asked = child.kill(name);
  });
  const status = await new Promise((resolve) => {
    child.on('close', (code, signal) => {
      resolve(code ?? 128 + constants.signals[signal!]);
    });
  });
  expect(status).toBe(expected);
  const [, done] = /^stopped; (\d+) of 40 pictures were explained\.$/.exec(sentenceOf(stderr))!;
  expect(Number(done)).toBeGreaterThanOrEqual(1);
  expect(Number(done)).toBeLessThan(count);
  const files = await readdir(out);
  expect(files).toHaveLength(2 * Number(done));
  for (const file of files.map((file) => join(out, file))) {
    if (file.endsWith('.json')) JSON.parse(await readFile(file, 'utf8'));
    else expect((await readPicture(file)).width).toBe(432);
  }
});

test('Ctrl-C stops also between frames, and leaves nothing', async () => {
  const out = join(folder, 'moving');
  const args = ['explain', join(folder, 'frames'), '--frames', 'all', '--model', demoModel.name];
  await mkdir(join(folder, 'frames'));
  for (let i = 0; i < count; i++) {
    await copyFile(join(packageFolder, 'examples', 'scene.png'), join(folder, 'frames', `${i}.png`));
  }
  const child = spawn(
    process.execPath,
    [join(packageFolder, packageJson.bin.vitrine), ...args, '--device', 'reference', '--out', out],
    { cwd: folder, env: environmentOfPerson(), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let [stderr, asked] = ['', false];
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (stderr += piece));
  // The head of what is told: the first frame is under way.
  child.stdout.on('data', () => {
    if (!asked) asked = child.kill('SIGINT');
  });
  const status = await new Promise((resolve) => {
    child.on('close', resolve);
  });
  expect({ status, said: sentenceOf(stderr) }).toEqual({
    status: 130,
    said: 'stopped; 0 of 1 moving pictures were explained.',
  });
  expect(await readdir(folder)).not.toContain('moving');
});
