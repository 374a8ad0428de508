import { afterAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openInputs } from '../../src/batch/inputs/open.js';
import { readItem } from '../../src/batch/inputs/read.js';
import { ImageError } from '../../src/errors.js';
import { tarBytes } from '../support/tar-bytes.js';
import { zipBytes } from '../support/zip-bytes.js';

/* Archives that say of their pictures what cannot be. */

const root = mkdtempSync(join(tmpdir(), 'vitrine-inputs-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});
const same = (path: string): string => path;
const opened = (path: string) =>
  openInputs([path], { absolute: same, relative: same, out: join(root, 'batch') });
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

test.each([
  ['a length that is no number', tarBytes([{ name: 'a.png', data }]).fill(0xff, 124, 136)],
  ['a broken length', tarBytes([{ name: 'a.png', data, attributes: { size: 1.5 } }])],
])('a tar with %s is damaged', async (_, bytes) => {
  const path = join(root, 'damaged.tar');
  writeFileSync(path, bytes);
  await expect(opened(path)).rejects.toThrow(`The archive ${path} is damaged or cut off`);
});
