import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder, removeIfEmpty } from '../../src/cli/results-folder.js';
import { UsageError } from '../../src/errors.js';

describe('the folder for the results', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vitrine-results-'));
  });
  afterEach(async () => {
    await chmod(folder, 0o700);
    await rm(folder, { recursive: true });
  });

  test('is made with those above it, and taken back while it is empty', async () => {
    const path = join(folder, 'a', 'b');
    const made = await makeFolder(path);
    expect(made).toEqual([join(folder, 'a'), path]);
    expect((await stat(path)).isDirectory()).toBe(true);
    expect(await makeFolder(path)).toEqual([]);
    await writeFile(join(folder, 'a', 'kept'), '');
    await removeIfEmpty(made);
    expect(await readdir(folder, { recursive: true })).toEqual(['a', join('a', 'kept')]);
  });

  test.each(['file', join('file', 'below')])('%s, where a file is', async (name) => {
    await writeFile(join(folder, 'file'), '');
    const path = join(folder, name);
    const attempt = makeFolder(path);
    await expect(attempt).rejects.toThrow(UsageError);
    await expect(attempt).rejects.toThrow(
      `The folder ${path} cannot hold the results: there is a file in its place; choose another with --out DIR.`,
    );
  });

  // The system asks who really runs the process, when it is asked about a folder that is there: for root, all is allowed.
  const isRoot = process.getuid?.() === 0;
  test.each(isRoot ? ['new'] : ['new', 'there'])('%s, without permission', async (name) => {
    await mkdir(join(folder, 'there'));
    await chmod(join(folder, 'there'), 0o555);
    await chmod(folder, 0o555);
    // Root may write everywhere, so for this test root becomes nobody.
    if (isRoot) process.seteuid?.(65534);
    try {
      await expect(makeFolder(join(folder, name))).rejects.toThrow(
        /: access is not permitted; choose another/,
      );
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
    await chmod(folder, 0o755);
    expect(await readdir(folder)).toEqual(['there']);
  });

  const onLinux = process.platform === 'linux' ? test : test.skip;
  onLinux('where the system makes none', async () => {
    await expect(makeFolder('/proc/vitrine/a')).rejects.toThrow(/: no folder can be made there; choose/);
  });
});
