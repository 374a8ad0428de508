import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sourcesOf } from '../../src/cli/picture-sources.js';
import { ImageError, UsageError } from '../../src/index.js';
import { makePng } from '../image/png-bytes.js';

let folder: string;
const colored = (...color: number[]): Buffer =>
  makePng({ depth: 8, color: 2, width: 1, rows: [[0, ...color]] });

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'vitrine-sources-')));
  await writeFile(join(folder, 'red.png'), colored(255, 0, 0));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

test('a file is known by where it really is, whatever it holds and whatever links lead there', async () => {
  const path = join(folder, 'red.png');
  await symlink('red.png', join(folder, 'link.png'));
  const [direct, linked, missing] = await sourcesOf([path, join(folder, 'link.png'), '/none.png']);
  expect(direct).toMatchObject({ name: path, path, file: 'red.png', identity: Buffer.from(path) });
  expect(linked).toMatchObject({ path: join(folder, 'link.png'), file: 'link.png', identity: Buffer.from(path) });
  expect([...(await direct.read()).data]).toEqual([255, 0, 0]);
  expect(missing).toMatchObject({ name: '/none.png', path: '/none.png', identity: '/none.png' });
  await expect(missing.read()).rejects.toThrow(ImageError);
}); // prettier-ignore

const withPipes = process.platform === 'win32' ? test.skip : test;
withPipes('a pipe is known by what it holds: the next picture from one of that name is another', async () => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const poured = async (bytes: Buffer): ReturnType<typeof sourcesOf> => {
    const [sources] = await Promise.all([sourcesOf([path]), writeFile(path, bytes)]);
    return sources;
  };
  const [red] = await poured(colored(255, 0, 0));
  const [blue] = await poured(colored(0, 0, 255));
  const [again] = await poured(colored(255, 0, 0));
  expect(again.identity).toEqual(red.identity);
  expect(blue.identity).not.toEqual(red.identity);
  expect(blue).toMatchObject({ name: path, path, file: 'pipe' });
  expect([...(await blue.read()).data]).toEqual([0, 0, 255]);
  const [empty] = await poured(Buffer.alloc(0));
  await expect(empty.read()).rejects.toThrow(`${path} is empty: give a file that holds a picture.`);
});

withPipes('a pipe that is given twice, by whatever names, is refused before it is read', async () => {
  const path = join(folder, 'once');
  execFileSync('mkfifo', [path]);
  await symlink('once', join(folder, 'again'));
  await expect(sourcesOf([path, join(folder, 'again')])).rejects.toThrow(
    new UsageError(`${join(folder, 'again')} is a pipe, which holds one picture; give it once.`),
  );
});
