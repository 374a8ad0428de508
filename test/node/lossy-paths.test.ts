import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesOfLossyPath, isFaithful, isLossy } from '../../src/node/files/lossy-paths.js';

let folder: string;
/** A path below the folder, with letters of Latin-1 as the bytes that they are there. */
const raw = (path: string): Buffer => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path, 'latin1')]);

// Other systems keep names in UTF-8 or UTF-16 and take no others.
(process.platform === 'linux' ? describe : describe.skip)('a path that lost bytes', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vitrine-lossy-'));
    for (const name of ['Bär.png', 'Mär.png', 'Mör.png', 'cut\xe2\x82', 'ä', 'ö', 'ü']) {
      if (name.length > 1) await writeFile(raw(name), '');
      else await mkdir(raw(name));
    }
    await writeFile(raw('ä/one.png'), '');
    for (const name of ['ö/two.png', 'ü/two.png']) await writeFile(raw(name), '');
    await writeFile(join(folder, 'mangled�.png'), '');
    await writeFile(join(folder, 'both�.png'), '');
    await writeFile(raw('bothä.png'), '');
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  test.each([
    ['B�r.png', ['Bär.png']],
    ['M�r.png', ['Mär.png', 'Mör.png']],
    ['X�r.png', []],
    // As many replacements as there are bytes, or one for all.
    ['cut�', ['cut\xe2\x82']],
    ['cut��', ['cut\xe2\x82']],
    ['�/one.png', ['ä/one.png']],
    ['�/two.png', ['ö/two.png', 'ü/two.png']],
    ['�/three.png', []],
    ['�/�', []],
  ])('%s may be %j', async (path, expected) => {
    expect(isLossy(path)).toBe(true);
    const found = (await filesOfLossyPath(join(folder, path))).map((each) => each.toString('latin1')).sort();
    expect(found).toEqual(expected.map((each) => raw(each).toString('latin1')));
  });

  test('is told from one that has the sign itself in it', async () => {
    expect((await filesOfLossyPath(join(folder, 'mangled�.png'))).map(String)).toEqual([join(folder, 'mangled�.png')]);
    expect(await filesOfLossyPath(join(folder, 'both�.png'))).toHaveLength(2);
    expect(await isFaithful(join(folder, 'mangled�.png'))).toBe(true);
    expect(await isFaithful(join(folder, 'mangled�.png', 'new'))).toBe(true);
    for (const path of ['both�.png', 'B�r.png', 'new�', '�/new', 'mangled�.png/new�']) {
      expect([path, await isFaithful(join(folder, path))]).toEqual([path, false]);
    }
    expect(await isFaithful(join(folder, 'not', 'there'))).toBe(true);
    expect(isLossy(folder)).toBe(false);
  }); // prettier-ignore
});
