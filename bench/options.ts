import { availableParallelism } from 'node:os';
import { UsageError } from 'vitrine';
import { deviceNames, type DeviceName } from 'vitrine/node';
import { notEmpty, wholeNumber, wholeNumbers } from './parse.js';
import { fromPerson } from './paths.js';

/** What commander collects, as typed. */
export interface RawOptions {
  readonly device?: string;
  readonly adapter?: string;
  readonly threads?: string;
  readonly runs: string;
  readonly warmup: string;
  readonly batches?: string;
  readonly weights?: string;
  readonly kernel?: string;
  readonly shape?: string;
  readonly json?: string;
  readonly compare?: string;
  readonly timeline?: string;
  readonly peers?: boolean;
  readonly tune?: boolean;
  readonly python?: string;
}

/** The same, checked, with absolute paths. */
export interface BenchOptions {
  /** What was asked for by name. */
  readonly device: DeviceName | undefined;
  /** Part of a WebGPU adapter's name. */
  readonly adapter: string | undefined;
  /** One number, or with --peers all that are compared, least first. */
  readonly threads: readonly number[];
  readonly runs: number;
  readonly warmup: number;
  /** Undefined: the usual ones. */
  readonly batches: readonly number[] | undefined;
  readonly weights: string | undefined;
  /** One kernel alone, such as `matmul` at `197x192x768`. */
  readonly kernel: { readonly name: string; readonly shape: string } | undefined;
  readonly json: string | undefined;
  /** What an earlier run wrote with --json. */
  readonly compare: string | undefined;
  readonly timeline: string | undefined;
  readonly peers: boolean;
  /** Find the fastest WebGPU kernels, and keep the choice. */
  readonly tune: boolean;
  /** A Python that can import torch; searched for if left out. */
  readonly python: string | undefined;
}

/** @throws UsageError that says which option is wrong and what it takes */
export function checkOptions(raw: RawOptions): BenchOptions {
  const peers = raw.peers ?? false;
  checkCombination(raw, peers);
  const path = (option: string, text: string | undefined): string | undefined =>
    text === undefined ? undefined : fromPerson(notEmpty(option, text));
  return {
    device: raw.device === undefined ? undefined : parseDevice(raw.device),
    adapter: raw.adapter === undefined ? undefined : notEmpty('--adapter', raw.adapter),
    threads: parseThreads(raw, peers),
    runs: wholeNumber('--runs', raw.runs, 1),
    warmup: wholeNumber('--warmup', raw.warmup, 0),
    batches: raw.batches === undefined ? undefined : wholeNumbers('--batches', raw.batches, 1),
    weights: path('--weights', raw.weights),
    kernel: parseKernel(raw),
    json: path('--json', raw.json),
    compare: path('--compare', raw.compare),
    timeline: path('--timeline', raw.timeline),
    peers,
    tune: raw.tune ?? false,
    python: raw.python === undefined ? undefined : notEmpty('--python', raw.python),
  };
}

function checkCombination(raw: RawOptions, peers: boolean): void {
  const { adapter, batches, device, kernel, python, shape, threads, timeline, weights } = raw;
  const wrong = (complaint: string): never => {
    throw new UsageError(complaint);
  };
  if (!peers && python !== undefined) {
    wrong('--python names the Python of the side-by-side runs; it goes with --peers.');
  }
  if (peers) {
    const alone = { '--kernel': kernel, '--shape': shape, '--timeline': timeline, '--batches': batches };
    for (const [option, given] of Object.entries(alone)) {
      if (given !== undefined) wrong(`${option} looks into the engine by itself; leave out --peers.`);
    }
    if (weights !== undefined)
      wrong('--weights cannot be combined with --peers, whose model files belong together.');
    if (adapter !== undefined) {
      wrong('--adapter cannot be combined with --peers: ONNX Runtime takes the first adapter of the system.');
    }
  }
  if (raw.tune) {
    const others = {
      '--peers': raw.peers,
      '--kernel': kernel,
      '--timeline': timeline,
      '--batches': batches,
      '--weights': weights,
    };
    for (const [option, given] of Object.entries(others)) {
      if (given !== undefined) wrong(`--tune has a model and shapes of its own; leave out ${option}.`);
    }
    if (device !== undefined && device !== 'webgpu') {
      wrong(`--tune chooses WebGPU kernels; it cannot be combined with --device ${device}.`);
    }
  }
  if (kernel === undefined && shape !== undefined) wrong('--shape is the shape of a --kernel; give both.');
  if (kernel !== undefined) {
    for (const [option, given] of Object.entries({ '--timeline': timeline, '--batches': batches })) {
      if (given !== undefined) wrong(`${option} is about whole runs; leave out --kernel.`);
    }
  }
  if (adapter !== undefined && device !== undefined && device !== 'webgpu') {
    wrong(`--adapter chooses a WebGPU adapter; it cannot be combined with --device ${device}.`);
  }
  if (threads !== undefined && device !== undefined && device !== 'native') {
    wrong('--threads is for the native backend; leave it out with another --device.');
  }
}

function parseDevice(text: string): DeviceName {
  const known = deviceNames.find((name) => name === text);
  if (known === undefined) {
    throw new UsageError(`--device does not know "${text}"; choose one of: ${deviceNames.join(', ')}.`);
  }
  return known;
}

function parseKernel({ kernel, shape }: RawOptions): BenchOptions['kernel'] {
  if (kernel === undefined) return undefined;
  if (shape === undefined) {
    throw new UsageError(`--kernel ${kernel} needs a --shape, such as 197x192x768 for matmul.`);
  }
  return { name: notEmpty('--kernel', kernel), shape: notEmpty('--shape', shape) };
}

function parseThreads({ threads: text, device }: RawOptions, peers: boolean): number[] {
  if (text === undefined) return peers && device !== 'webgpu' ? [1, 2] : [availableParallelism()];
  const counts = wholeNumbers('--threads', text, 1);
  if (!peers && counts.length > 1) {
    throw new UsageError(`--threads is "${text}"; give one number, or add --peers to compare several.`);
  }
  return counts;
}
