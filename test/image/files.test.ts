import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../src/errors.js';
import { checkWritable, writeFileAtomically, writeFilesAtomically } from '../../src/node/files/write.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-files-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Root may write everywhere, so that permissions can only be tested as nobody. */
async function withoutPrivileges(action: () => Promise<void>): Promise<void> {
  await chmod(folder, 0o777);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  try {
    await action();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

describe('checkWritable', () => {
  test('says beforehand what writing would say, and leaves nothing', async () => {
    await writeFile(join(folder, 'old'), 'old');
    for (const name of ['old', 'new']) await checkWritable(join(folder, name));
    await checkWritable('/dev/null');
    for (const [path, message] of [
      [join(folder, 'none', 'file'), /^Cannot write .*: its folder does not exist/],
      [join(folder, 'old', 'file'), /^Cannot write .*: a part of the path is a file/],
      [folder, /^Cannot write .*: it is a folder; give the name of a file/],
    ] as const) {
      await expect(checkWritable(path)).rejects.toThrow(UsageError);
      await expect(checkWritable(path)).rejects.toThrow(message);
    }
    expect(await readdir(folder)).toEqual(['old']);
    expect(await readFile(join(folder, 'old'), 'utf8')).toBe('old');
  });
});

describe('writeFileAtomically', () => {
  test('writes text as UTF-8 and bytes as they are, and leaves nothing else', async () => {
    await writeFileAtomically(join(folder, 'text'), 'ä\n');
    await writeFileAtomically(join(folder, 'bytes'), Uint8Array.from([1, 2, 255]));
    expect(Array.from(await readFile(join(folder, 'text')))).toEqual([0xc3, 0xa4, 0x0a]);
    expect(Array.from(await readFile(join(folder, 'bytes')))).toEqual([1, 2, 255]);
    expect((await readdir(folder)).sort()).toEqual(['bytes', 'text']);
  });

  test('replaces a file and keeps its permissions', async () => {
    const path = join(folder, 'a');
    await writeFile(path, 'old and longer');
    await chmod(path, 0o640);
    await writeFileAtomically(path, 'new');
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o640);
  });

  test('follows a symbolic link', async () => {
    await writeFile(join(folder, 'target'), 'old');
    await symlink('target', join(folder, 'link'));
    await writeFileAtomically(join(folder, 'link'), 'new');
    expect((await lstat(join(folder, 'link'))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(folder, 'target'), 'utf8')).toBe('new');
  });

  test('on failure the old file stays and the temporary one goes', async () => {
    const path = join(folder, 'a');
    await writeFile(path, 'old');
    const notData = { [Symbol.toStringTag]: 'Uint8Array' } as unknown as Uint8Array;
    await expect(writeFileAtomically(path, notData)).rejects.toThrow(/must be/);
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['a']);
  });

  test('of files that belong together, all are written or none', async () => {
    const [first, second] = [join(folder, 'first'), join(folder, 'second')];
    await writeFile(first, 'old');
    await mkdir(second);
    const files = [first, second].map((path) => ({ path, data: 'new' }));
    await expect(writeFilesAtomically(files)).rejects.toThrow(`Cannot write ${second}: it is a folder`);
    expect(await readFile(first, 'utf8')).toBe('old');
    expect((await readdir(folder)).sort()).toEqual(['first', 'second']);
    await rm(second, { recursive: true });
    await writeFilesAtomically(files);
    for (const path of [first, second]) expect(await readFile(path, 'utf8')).toBe('new');
    expect((await readdir(folder)).sort()).toEqual(['first', 'second']);
  });

  test('a device is written to, not replaced', async () => {
    await writeFileAtomically('/dev/null', 'gone');
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
  });

  test.each([
    ['missing/a', 'its folder does not exist; create the folder or choose another path'],
    ['folder', 'it is a folder; give the name of a file'],
    ['file/a', 'a part of the path is a file, not a folder; choose another path'],
    ['n'.repeat(300), 'the name is too long; choose a shorter one'],
  ])('%s cannot be written', async (name, reason) => {
    await mkdir(join(folder, 'folder'));
    await writeFile(join(folder, 'file'), '');
    const path = join(folder, name);
    const attempt = writeFileAtomically(path, 'data');
    await expect(attempt).rejects.toThrow(UsageError);
    await expect(attempt).rejects.toThrow(`Cannot write ${path}: ${reason}.`);
    expect((await readdir(folder)).sort()).toEqual(['file', 'folder']);
  });

  test('a write-protected file stays, although its folder would let it be replaced', async () => {
    const path = join(folder, 'a');
    await writeFile(path, 'old');
    await chmod(path, 0o444);
    await withoutPrivileges(async () => {
      await expect(writeFileAtomically(path, 'new')).rejects.toThrow(/permission was denied; choose a path/);
    });
    expect(await readFile(path, 'utf8')).toBe('old');
  });
});
