import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the archives of the dev dependency @sparticuz/chromium lie. */
export const archives = join(
  dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')),
  ...['..', '..', 'bin'],
);

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/**
 * What is in them, unpacked into node_modules/.cache, once.
 * @param {string} name of what is unpacked
 * @param {(folder: string) => Promise<unknown>} unpack
 * @returns {Promise<string>} the folder
 */
export async function unpacked(name, unpack) {
  const { version } = JSON.parse(readFileSync(join(archives, '..', 'package.json'), 'utf8'));
  const cache = join(root, 'node_modules', '.cache', 'vitrine');
  const folder = join(cache, `${name}-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  // Unpacked beside and renamed, so that an interrupted run leaves no half-filled folder behind.
  const partial = mkdtempSync(join(cache, 'unpacking-'));
  await unpack(partial);
  try {
    renameSync(partial, folder);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
