import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { VitrineError } from '../../src/index.js';
import { microModel } from '../support/models.js';
import {
  failureInWords,
  readParameters,
  readPicture,
  readTuning,
  openWeights,
  writePng,
  writeTuning,
} from '../../src/node/index.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-failures-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** What a file operation of Node's fails with. */
function failure(name: keyof typeof constants.errno): Error {
  const message = `${name}: whatever libuv says, open '/a'`;
  return Object.assign(new Error(message), { code: name, errno: -constants.errno[name], syscall: 'open' });
}

describe('a failure in words', () => {
  test.each(Object.keys(constants.errno) as (keyof typeof constants.errno)[])('%s', (name) => {
    expect(failureInWords(failure(name))).toMatch(/^(?!.*E[A-Z]{3})[a-z].*[^.]$/);
  });

  test.each([
    ['EXDEV', 'cross-device link not permitted'],
    ['ELOOP', 'its links lead in a circle'],
    ['EMFILE', 'too many files are open in this process ("ulimit -n" tells how many may be)'],
  ] as const)('%s is %s', (name, words) => {
    expect(failureInWords(failure(name))).toBe(words);
  });

  test('of a number that nobody knows, and of what does not fit into memory', () => {
    const unknown = Object.assign(new Error('Unknown system error -9999'), { code: 'Unknown', errno: -9999 });
    expect(failureInWords(unknown)).toBe('the system gives no reason but the number -9999');
    expect(failureInWords(new RangeError('Array buffer allocation failed'))).toBe(
      'there is not enough memory for it',
    );
  });
});

const picture = { width: 1, height: 1, data: new Uint8Array(3) };
const tuned = {
  ...{ product: 'tiled', largeProduct: 'tiled', row: 'workgroup', rowLanes: 64, measured: '2026-11-21' },
} as const;

/** Everything that reads or writes a file of a person's choice. */
const operations: [string, (path: string) => Promise<unknown>][] = [
  ['readPicture', readPicture],
  ['openWeights', openWeights],
  ['readParameters', (path) => readParameters(path, microModel().model)],
  ['readTuning', (path) => readTuning('x', path)],
  ['writePng', (path) => writePng(path, picture)],
  ['writeTuning', (path) => writeTuning('x', tuned as never, path)],
];

const onUnix = process.platform === 'win32' ? describe.skip : describe;
onUnix('no code of the system is shown', () => {
  const paths: [string, (own: string) => Promise<string>][] = [
    ['links in a circle', async (own) => (await symlink('circle', join(own, 'circle')), join(own, 'circle', 'a'))],
    ['a name that is too long', (own) => Promise.resolve(join(own, 'n'.repeat(300)))],
    ['a file in the place of a folder', async (own) => (await writeFile(join(own, 'file'), ''), join(own, 'file', 'a'))],
    ['a folder', async (own) => (await mkdir(join(own, 'folder')), join(own, 'folder'))],
    ['a null character', (own) => Promise.resolve(join(own, 'a\0b'))],
  ]; // prettier-ignore

  describe.each(operations)('by %s', (_name, operate) => {
    test.each(paths)('of %s', async (_what, make) => {
      const own = await mkdtemp(join(folder, 'own-'));
      const path = await make(own);
      const error: unknown = await operate(path).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(VitrineError);
      expect((error as Error).message).toMatch(/^[^\0]*[^.]\.$/);
      // Whose name may look like a code.
      expect((error as Error).message.replace(own, '')).not.toMatch(
        /\bE[A-Z]{3,}|ERR_|undefined|system says/,
      );
    });
  });
});

describe('what others chose is shown, and steers no terminal', () => {
  test.each([
    ['a\nb.png', 'a%0Ab.png'],
    ['\u001b[31mred\u001b[0m', '%1B[31mred%1B[0m'],
    ['\u0007\u009b2J\u007f', '%07%C2%9B2J%7F'],
    ['\u202egnp.exe', '%E2%80%AEgnp.exe'],
    ['ä 猫 👩‍👧 %', 'ä 猫 👩‍👧 %'],
  ])('%j', async (name, shown) => {
    expect(new VitrineError(`There is ${name}.`).message).toBe(`There is ${shown}.`);
    await expect(readPicture(join(folder, name))).rejects.toThrow(
      `There is no file ${join(folder, shown)}: check`,
    );
  });
});
