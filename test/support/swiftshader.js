import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tar from 'tar';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/**
 * Unpacks SwiftShader (a Vulkan driver that runs on the CPU) and its loader out of the dev dependency
 * @sparticuz/chromium into node_modules/.cache, once, and returns the variables that make Dawn find it.
 * @returns {Promise<Record<string, string>>}
 */
export async function swiftShaderEnvironment() {
  const bin = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..', '..', 'bin');
  const { version } = JSON.parse(readFileSync(join(bin, '..', 'package.json'), 'utf8'));
  const cache = join(root, 'node_modules', '.cache', 'vitrine');
  const folder = join(cache, `swiftshader-${version}`);
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    // Unpacked beside and renamed, so that an interrupted run leaves no half-filled folder behind.
    const partial = mkdtempSync(join(cache, 'unpacking-'));
    await tar.x({ file: join(bin, 'swiftshader.tar.br'), cwd: partial, brotli: true });
    try {
      renameSync(partial, folder);
    } catch (error) {
      rmSync(partial, { recursive: true, force: true });
      if (!existsSync(folder)) throw error;
    }
  }
  return {
    LD_LIBRARY_PATH: [folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
    VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json'),
  };
}
