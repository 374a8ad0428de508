import { availableParallelism } from 'node:os';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { defaultModelName, findModel, UsageError } from 'vitrine';
import { deviceNames, type DeviceName } from 'vitrine/node';
import { fromPerson } from './paths.js';

/** What to measure, and how. Paths are absolute. */
export interface BenchOptions {
  /** What was asked for by name. */
  readonly device?: DeviceName;
  readonly adapter?: string;
  /** One number, or with --peers all that are compared, least first. */
  readonly threads: readonly number[];
  readonly runs: number;
  readonly warmup: number;
  /** With --peers, of the forward pass. */
  readonly batches: readonly number[];
  /** Name of a registered model. */
  readonly model: string;
  readonly weights?: string;
  readonly kernel?: string;
  readonly shape?: string;
  readonly json?: string;
  readonly compare?: string;
  readonly timeline?: string;
  readonly peers?: true;
  readonly tune?: true;
  readonly python?: string;
}

/**
 * @param words that were typed
 * @returns undefined if they asked for help, which has been printed
 * @throws UsageError that says in a line which option is wrong and what it takes
 */
export function parseOptions(words: readonly string[]): BenchOptions | undefined {
  const command = bench()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  try {
    command.parse(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new UsageError(inALine(error.message));
  }
  const options = command.opts<Omit<BenchOptions, Lists> & Partial<Pick<BenchOptions, Lists>>>();
  checkTogether(options);
  const usual = usualLists(options);
  const { threads = usual.threads, batches = usual.batches } = options;
  if (threads.length > 1 && !options.peers) {
    throw new UsageError('--threads takes one number; add --peers to compare several.');
  }
  return { ...options, threads, batches };
}

/** Options of which the usual values depend on what is measured. */
type Lists = 'threads' | 'batches';

function usualLists({ peers, device }: Pick<BenchOptions, 'peers' | 'device'>): Pick<BenchOptions, Lists> {
  const all = [availableParallelism()];
  if (!peers) return { threads: all, batches: [1, 8, 32] };
  if (device === 'webgpu') return { threads: all, batches: [1] };
  return { threads: [1, 2], batches: device === 'wasm' ? [1] : [1, 8] };
}

function bench(): Command {
  const command = new Command('bench')
    .usage('[options]')
    .description('Measures the engine; with --peers, side by side with ONNX Runtime and PyTorch.')
    .option('--peers', 'measure side by side with ONNX Runtime and PyTorch')
    .addOption(
      new Option('--device <name>', 'instead of native, and webgpu if it is there').choices(deviceNames),
    )
    .option('--adapter <name>', "part of a WebGPU adapter's name", text)
    .option(
      '--threads <N>',
      'of native or wasm (default: all cores); with --peers a list (default: 1,2)',
      list,
    )
    .option('--runs <N>', 'timed runs of each measurement', wholeFrom(1), 20)
    .option('--warmup <N>', 'runs before them that are not timed', wholeFrom(0), 5)
    .option(
      '--batches <list>',
      'batch sizes of the whole runs (default: 1,8,32); with --peers of the forward pass (default: 1,8)',
      list,
    )
    .option('--model <name>', 'one that "vitrine models" lists', modelName, defaultModelName)
    .option('--kernel <name>', 'one kernel alone: matmul, matmul+bias+gelu, softmax, add, ...', text)
    .option('--shape <shape>', 'its shape: 197x192x768 for matmul, 591x197 for what goes row by row', text)
    .option('--weights <file>', 'safetensors checkpoint, instead of what is found on the disk', path)
    .option('--python <path>', 'with --peers: a Python that can import torch, instead of a search', text)
    .option('--tune', "measure which WebGPU kernels are the adapter's fastest, and use them from then on")
    .option('--json <file>', 'write everything that was measured', path)
    .option('--compare <file>', 'a table of ratios to what an earlier run wrote with --json', path)
    .option('--timeline <file>', 'write which kernel ran when, for ui.perfetto.dev or chrome://tracing', path)
    .allowExcessArguments(false);
  for (const option of command.options) option.conflicts(conflicts[option.attributeName()] ?? []);
  return command;
}

/** What the kinds of runs that are not about the engine as a whole leave no room for. */
const conflicts: Readonly<Record<string, string[]>> = {
  peers: ['tune', 'kernel', 'timeline', 'weights', 'adapter'],
  tune: ['kernel', 'timeline', 'batches', 'model', 'weights', 'threads'],
  kernel: ['timeline', 'batches', 'model', 'weights'],
};
/** Options that mean nothing without another. */
const companions = [
  ['shape', 'kernel'],
  ['kernel', 'shape'],
  ['python', 'peers'],
] as const;
/** Options that are for some devices. */
const devices = [
  ['adapter', ['webgpu']],
  ['tune', ['webgpu']],
  ['threads', ['native', 'wasm']],
] as const satisfies readonly (readonly [keyof BenchOptions, readonly DeviceName[]])[];
/** Those that have peers. */
const comparable: readonly DeviceName[] = ['native', 'wasm', 'webgpu'];

function checkTogether({ device, ...options }: Partial<BenchOptions>): void {
  for (const [option, other] of companions) {
    if (options[option] === undefined || options[other] !== undefined) continue;
    throw new UsageError(`--${option} goes with --${other}; give both.`);
  }
  if (options.peers && device !== undefined && !comparable.includes(device)) {
    throw new UsageError(
      `--peers compares ${inWords(comparable)}; it cannot be combined with --device ${device}.`,
    );
  }
  for (const [option, only] of devices) {
    if (options[option] === undefined || device === undefined || only.some((name) => name === device))
      continue;
    throw new UsageError(
      `--${option} is for ${inWords(only)}; it cannot be combined with --device ${device}.`,
    );
  }
}

/** `native, wasm or webgpu` */
function inWords(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), ...names.slice(-1)].filter((text) => text !== '').join(' or ');
}

/** Commander's "error: unknown option '--run'\n(Did you mean --runs?)". */
function inALine(message: string): string {
  const [complaint, guess] = message.replace(/^error: /, '').split('\n') as [string, string?];
  const hint = guess?.replace(/^\(D(.*)\)$/, 'd$1') ?? '"npm run bench -- --help" lists what there is.';
  return `${complaint.replace(/\.$/, '')}; ${hint}`;
}

function text(given: string): string {
  if (given.trim() === '') throw new InvalidArgumentError('It is empty.');
  return given;
}

function path(given: string): string {
  return fromPerson(text(given));
}

/** @throws UsageError that says what is near */
function modelName(given: string): string {
  return findModel(text(given)).name;
}

function wholeFrom(least: number): (given: string) => number {
  return (given) => {
    const value = /^\s*\d+\s*$/.test(given) ? Number(given) : NaN;
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`Give a whole number, at least ${least}.`);
  };
}

/** Numbers between commas, each once, least first. */
function list(given: string): number[] {
  return [...new Set(given.split(',').map(wholeFrom(1)))].sort((a, b) => a - b);
}
