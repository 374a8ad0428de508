import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { productVariants, rowVariants, type Variants } from '../../backends/webgpu/variants.js';
import { DeviceError, UsageError } from '../../errors.js';
import { aText, expectGiven } from '../../given.js';
import { parseJson } from '../../json.js';
import { failureInWords } from '../files/failure-in-words.js';
import { cachedFile } from '../files/own-cache.js';
import { errorCode, writeFileAtomically } from '../files/write.js';
import type { Environment } from '../hub/environment.js';

/** What was measured on an adapter, and when. */
export interface TunedVariants extends Variants {
  /** `2026-11-21` */
  readonly measured: string;
}

/** The file that keeps the fastest kernels of each adapter, by the adapter's name. */
export function tuningFile(env: Environment = process.env): string {
  return cachedFile('webgpu-kernels.json', env);
}

/**
 * Reads which kernels were measured to be the fastest on an adapter.
 * @returns undefined if nobody has measured
 * @throws DeviceError if the file holds something else
 */
export async function readTuning(
  adapter: string,
  path: string = tuningFile(),
): Promise<TunedVariants | undefined> {
  const entries = await readEntries(path);
  const entry = entries[adapter];
  if (entry === undefined) return undefined;
  const { product, largeProduct, row, rowLanes, measured } = Object(entry) as Partial<
    Record<keyof TunedVariants, unknown>
  >;
  const [small, large] = [product, largeProduct].map((name) =>
    productVariants.find((known) => known === name),
  );
  const lanes = [4, 8, 16, 32, 64, 128].find((count) => count === rowLanes);
  const kind = rowVariants.find((known) => known === row);
  if (!small || !large || !kind || !lanes) {
    throw unreadable(path, `does not know what ${JSON.stringify(entry)} is`);
  }
  return { product: small, largeProduct: large, row: kind, rowLanes: lanes, measured: String(measured) };
}

/**
 * Keeps what was measured, beside that of other adapters.
 * @throws DeviceError if the file holds something else, UsageError if it cannot be written
 */
export async function writeTuning(
  adapter: string,
  tuned: TunedVariants,
  path: string = tuningFile(),
): Promise<void> {
  const entries = { ...(await readEntries(path)), [adapter]: tuned };
  await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
    throw new UsageError(`Cannot make the folder ${dirname(path)}: ${failureInWords(error)}.`);
  });
  await writeFileAtomically(path, `${JSON.stringify(entries, null, 2)}\n`);
}

async function readEntries(path: string): Promise<Record<string, unknown>> {
  expectGiven('The file of measured kernels', path, aText);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {};
    throw unreadable(path, `cannot be read (${failureInWords(error)})`);
  }
  const json = parseJson(text);
  if ('complaint' in json) throw unreadable(path, `is no JSON (${json.complaint})`);
  if (typeof json.value !== 'object' || json.value === null || Array.isArray(json.value)) {
    throw unreadable(path, 'is no JSON object');
  }
  return json.value as Record<string, unknown>;
}

function unreadable(path: string, complaint: string): DeviceError {
  return new DeviceError(
    `The file of measured kernels "${path}" ${complaint}: delete it, or measure again with "npm run bench -- --tune".`,
  );
}
