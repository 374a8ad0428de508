import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { NativeAddon } from '../../backends/native/addon.js';
import { NativeBackend } from '../../backends/native/native.js';
import { DeviceError } from '../../errors.js';
import { aText, expectGiven, optional } from '../../given.js';
import { packageFile } from '../package-files.js';
import { addonFailure } from './addon-failure.js';
import { whyForeign } from './addon-file.js';
import { threadsToUse } from './threads.js';

/** Where `npm install` leaves the addon. */
const addonPath = packageFile('native/build/Release/vitrine.node');

/**
 * Opens the C++ backend.
 * @param threads as many as the process may use cores if left out, or as VITRINE_THREADS says
 * @param kernels an instruction set instead of the best one: avx512, avx2, neon or portable; VITRINE_KERNELS if left out
 * @param lanes runs at a time, which share out the threads and read the same weights
 * @throws DeviceError if the addon was not built, or the processor cannot run those kernels
 * @throws UsageError for a number of threads out of range, or of lanes
 */
export function openNative(
  threads = threadsToUse(),
  kernels = process.env['VITRINE_KERNELS'] || undefined,
  lanes = 1,
): NativeBackend {
  expectGiven('openNative: the name of the kernels', kernels, optional(aText));
  return new NativeBackend(loadAddon(), { threads, lanes, ...(kernels === undefined ? {} : { kernels }) });
}

/** Why the addon cannot be had, as the end of "the native backend ...", or undefined if it can. */
export function missingAddon(): string | undefined {
  const found = findAddon();
  return typeof found === 'string' ? found : undefined;
}

/** What brings the addon, for the middle of a sentence. */
export const addonRemedy =
  `run "npm run build:native" in ${dirname(packageFile('package.json'))}, which takes a C++17 compiler, make and ` +
  'Python 3';

/**
 * Memory to be filled, all of it, and read once, as for what is read from a file: whatever it holds before, in large pages where the
 * addon can be had, since those of other memory cost more to fault in than the bytes to read.
 */
export function bytesToFill(size: number): Uint8Array<ArrayBuffer> {
  const found = size < worthLargePages ? undefined : findAddon();
  return typeof found === 'object' ? new Uint8Array(found.bytes(size)) : new Uint8Array(size);
}

/**
 * Threads begun from here on take the memory of this process from few places, where the addon can be had: each place keeps what was
 * given back to it.
 */
export function shareMemoryAmongThreads(): void {
  const found = findAddon();
  if (typeof found === 'object') found.fewArenas();
}

/** Bytes, of which a large page has some more. */
const worthLargePages = 2 ** 20;

function loadAddon(): NativeAddon {
  const found = findAddon();
  if (typeof found !== 'string') return found;
  throw new DeviceError(
    `The native backend ${found}; ${addonRemedy}, or use --device wasm, which needs none of that.`,
  );
}

let addon: NativeAddon | string | undefined;

/** The addon, or why it cannot be had. */
function findAddon(): NativeAddon | string {
  try {
    return (addon ??= whyForeign(addonPath) ?? (createRequire(import.meta.url)(addonPath) as NativeAddon));
  } catch (error) {
    return (addon = addonFailure(error));
  }
}
