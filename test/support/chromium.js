import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { chromium } from 'playwright-core';
import * as tar from 'tar';
import { archives, unpacked } from './unpacked.js';

/**
 * Opens the headless browser of the dev dependency @sparticuz/chromium, whose libraries, font and Vulkan driver come with it, so
 * that nothing must be installed. Whoever opens it closes it.
 * @param {{ flags?: readonly string[] }} [options] flags beside those without which it does not start in a container
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function openChromium({ flags = [] } = {}) {
  const folder = await unpacked('chromium', unpackChromium);
  const libraries = [join(folder, 'lib'), folder, process.env.LD_LIBRARY_PATH];
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: ['--no-sandbox', ...flags],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: libraries.filter((part) => part !== undefined).join(':'),
      FONTCONFIG_PATH: join(folder, 'fonts'),
    },
  });
}

/** @param {string} folder */
async function unpackChromium(folder) {
  await Promise.all([
    pipeline(
      createReadStream(join(archives, 'chromium.br')),
      createBrotliDecompress(),
      createWriteStream(join(folder, 'chromium'), { mode: 0o755 }),
    ),
    ...['al2023.tar.br', 'fonts.tar.br', 'swiftshader.tar.br'].map((name) =>
      tar.x({ file: join(archives, name), cwd: folder, brotli: true }),
    ),
  ]);
}
