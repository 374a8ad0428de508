import { availableParallelism } from 'node:os';
import { UsageError } from 'vitrine';
import { deviceNames, type DeviceName } from 'vitrine/node';
import { fromPerson } from './paths.js';

/** What commander collects, as typed. */
export interface RawOptions {
  readonly device?: string;
  readonly threads?: string;
  readonly runs: string;
  readonly warmup: string;
  readonly weights?: string;
  readonly json?: string;
  readonly peers?: boolean;
  readonly python?: string;
}

/** The same, checked, with absolute paths. */
export interface BenchOptions {
  readonly device: DeviceName;
  /** Whether the device was asked for by name. */
  readonly deviceGiven: boolean;
  /** One number, or with --peers all that are compared, least first. */
  readonly threads: readonly number[];
  readonly runs: number;
  readonly warmup: number;
  readonly weights: string | undefined;
  readonly json: string | undefined;
  readonly peers: boolean;
  /** A Python that can import torch; searched for if left out. */
  readonly python: string | undefined;
}

/** @throws UsageError that says which option is wrong and what it takes */
export function checkOptions(raw: RawOptions): BenchOptions {
  const peers = raw.peers ?? false;
  if (!peers && raw.python !== undefined) {
    throw new UsageError('--python names the Python of the side-by-side runs; it goes with --peers.');
  }
  if (peers && raw.weights !== undefined) {
    throw new UsageError('--weights cannot be combined with --peers, whose model files belong together.');
  }
  if (!peers && raw.threads !== undefined && (raw.device ?? 'native') !== 'native') {
    throw new UsageError('--threads is for the native backend; leave it out with another --device.');
  }
  return {
    device: parseDevice(raw.device ?? 'native'),
    deviceGiven: raw.device !== undefined,
    threads: parseThreads(raw.threads, peers),
    runs: wholeNumber('--runs', raw.runs, 1),
    warmup: wholeNumber('--warmup', raw.warmup, 0),
    weights: raw.weights === undefined ? undefined : fromPerson(notEmpty('--weights', raw.weights)),
    json: raw.json === undefined ? undefined : fromPerson(notEmpty('--json', raw.json)),
    peers,
    python: raw.python === undefined ? undefined : notEmpty('--python', raw.python),
  };
}

function parseDevice(text: string): DeviceName {
  const known = deviceNames.find((name) => name === text);
  if (known === undefined) {
    throw new UsageError(`--device does not know "${text}"; choose one of: ${deviceNames.join(', ')}.`);
  }
  return known;
}

function parseThreads(text: string | undefined, peers: boolean): number[] {
  if (text === undefined) return peers ? [1, 2] : [availableParallelism()];
  const counts = text.split(',').map((count) => wholeNumber('--threads', count, 1));
  if (!peers && counts.length > 1) {
    throw new UsageError(`--threads is "${text}"; give one number, or add --peers to compare several.`);
  }
  return [...new Set(counts)].sort((a, b) => a - b);
}

function wholeNumber(option: string, text: string, least: number): number {
  const value = /^\s*\d+\s*$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(value) || value < least) {
    throw new UsageError(`${option} is "${text}"; give a whole number, at least ${least}.`);
  }
  return value;
}

function notEmpty(option: string, text: string): string {
  if (text.trim() === '') throw new UsageError(`${option} is empty; give a value.`);
  return text;
}
