import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { chromium, type Browser } from 'playwright-core';
import * as tar from 'tar';
import { packageFolder } from '../cli/command.js';

export interface ChromiumOptions {
  /** Beside those without which it does not start in a container. */
  readonly flags?: readonly string[];
}

/**
 * Opens the headless browser of the dev dependency @sparticuz/chromium, whose libraries, font and Vulkan driver come with it, so
 * that nothing must be installed. Whoever opens it closes it.
 */
export async function openChromium({ flags = [] }: ChromiumOptions = {}): Promise<Browser> {
  const folder = await unpacked();
  const libraries = [join(folder, 'lib'), folder, process.env['LD_LIBRARY_PATH']];
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: ['--no-sandbox', ...flags],
    env: {
      ...environment(),
      LD_LIBRARY_PATH: libraries.filter((part) => part !== undefined).join(':'),
      FONTCONFIG_PATH: join(folder, 'fonts'),
    },
  });
}

function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Where the browser lies, unpacked once, in some seconds. */
async function unpacked(): Promise<string> {
  const bin = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..', '..', 'bin');
  const { version } = JSON.parse(readFileSync(join(bin, '..', 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  const cache = join(packageFolder, 'node_modules', '.cache', 'vitrine');
  const folder = join(cache, `chromium-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  // Unpacked beside and renamed, so that an interrupted run leaves no half-filled folder behind.
  const partial = await mkdtemp(join(cache, 'unpacking-'));
  const archives = ['al2023.tar.br', 'fonts.tar.br', 'swiftshader.tar.br'];
  await Promise.all([
    pipeline(
      createReadStream(join(bin, 'chromium.br')),
      createBrotliDecompress(),
      createWriteStream(join(partial, 'chromium'), { mode: 0o755 }),
    ),
    ...archives.map((name) => tar.x({ file: join(bin, name), cwd: partial, brotli: true })),
  ]);
  try {
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
