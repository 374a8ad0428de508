import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openInputs } from '../../src/batch/inputs/open.js';
import { readItem } from '../../src/batch/inputs/read.js';
import { seekable } from '../../src/batch/inputs/unpacked.js';
import { ImageError } from '../../src/errors.js';
import { tarBytes } from '../support/tar-bytes.js';
import { zipBytes } from '../support/zip-bytes.js';

const root = mkdtempSync(join(tmpdir(), 'vitrine-inputs-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});
const same = (path: string): string => path;
const opened = (path: string, out = join(root, 'batch')) =>
  openInputs([path], { absolute: same, relative: same, out });
const data = Buffer.from('pixels');

test('a picture of 3 GiB in a tar is refused alone', async () => {
  const path = join(root, 'large.tar');
  const size = 3 * 2 ** 30;
  writeFileSync(path, tarBytes([{ name: 'small.png', data }, { name: 'large.png', data, size }])); // prettier-ignore
  truncateSync(path, size + 2048); // takes no room
  const [small, large] = await opened(path);
  expect(await readItem(small)).toEqual(data);
  await expect(readItem(large)).rejects.toThrow(ImageError);
  await expect(readItem(large)).rejects.toThrow(
    `${path}/large.png cannot be read: its archive says that it has 3221225472 bytes, more than 1 GiB.`,
  );
});

test('a picture of 4 GiB in a zip is refused alone', async () => {
  const bytes = zipBytes([{ name: 'large.png', data, deflated: true }, { name: 'small.png', data }]); // prettier-ignore
  bytes.writeUInt32LE(0xfffffffe, bytes.indexOf('PK\x01\x02') + 24);
  const path = join(root, 'large.zip');
  writeFileSync(path, bytes);
  const [large, small] = await opened(path);
  expect(await readItem(small)).toEqual(data);
  await expect(readItem(large)).rejects.toThrow('more than 1 GiB');
});

test('a compressed archive is unpacked once, where only its person can read it', async () => {
  const path = join(root, 'packed.tgz');
  writeFileSync(path, gzipSync(tarBytes([{ name: 'a.png', data }])));
  const places = await Promise.all([seekable(path), seekable(path), seekable(path)]);
  const [unpacked] = places;
  try {
    expect(new Set(places).size).toBe(1);
    expect(statSync(dirname(unpacked)).mode & 0o077).toBe(0);
    expect(await readItem((await opened(path))[0])).toEqual(data);
  } finally {
    rmSync(unpacked);
  }
});

test.each([
  ['a length that is no number', tarBytes([{ name: 'a.png', data }]).fill(0xff, 124, 136)],
  ['a broken length', tarBytes([{ name: 'a.png', data, attributes: { size: 1.5 } }])],
])('a tar with %s is damaged', async (_, bytes) => {
  const path = join(root, 'damaged.tar');
  writeFileSync(path, bytes);
  await expect(opened(path)).rejects.toThrow(`The archive ${path} is damaged or cut off`);
});

describe('where results go beside the pictures', () => {
  const folder = join(root, 'beside');
  const drawn = join(folder, 'pictures', '0a');
  beforeAll(() => {
    mkdirSync(drawn, { recursive: true });
    writeFileSync(join(drawn, `${'0a'.repeat(16)}.rollout.png`), data);
    writeFileSync(join(folder, 'photo.png'), data);
  });

  test.each([
    ['a folder', folder],
    ['a pattern', `${folder}/**/*`],
  ])('%s holds the pictures, not those that were drawn', async (_, input) => {
    const items = await opened(input, folder);
    expect(items.map(({ name }) => name)).toEqual([join(folder, 'photo.png')]);
  });

  test('pictures in a folder that results may take are refused', async () => {
    const photo = join(folder, 'pictures', 'photo.png');
    writeFileSync(photo, data);
    for (const input of [folder, join(folder, 'pictures'), photo]) {
      await expect(opened(input, folder)).rejects.toThrow(`${photo} lies where the results would go`);
    }
  });
});
