import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchOptions } from '../options.js';
import { peersFolder } from '../paths.js';
import { machineInWords, makeReport, type Report } from '../report.js';
import { digits, percent } from '../table.js';
import { DisagreementError } from './agreement.js';
import { Contestant } from './contestant.js';
import { checkContest, contestsOf, measureContest, type Field } from './contests.js';
import { firstRuns } from './first-runs.js';
import { figuresOf, type Measurement } from './measurement.js';
import { printMeasurements } from './print.js';
import { findLauncher, findPython } from './python.js';
import { comparableModel, prepareSetup } from './setting.js';
import { isSlowBlas } from './targets.js';
import { wholeProcesses } from './whole-process.js';

/** Of one contestant at one measurement. */
const patienceMilliseconds = 60_000;

/** Starts a contestant's process; on all cores if no number of threads is given. */
type Start = (name: 'vitrine' | 'ONNX Runtime' | 'PyTorch', threads?: number) => Promise<Contestant>;

/**
 * Measures vitrine beside ONNX Runtime and PyTorch, on WebGPU and WebAssembly beside ONNX Runtime's provider for it; prints it
 * and returns it.
 */
export async function benchPeers(options: BenchOptions): Promise<Report> {
  const { runs, warmup } = options;
  const isOnWebgpu = options.device === 'webgpu';
  const isOnCpu = !isOnWebgpu && options.device !== 'wasm';
  const comparable = await comparableModel(options);
  const python = await findPython(options.python);
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-bench-'));
  const started = new Set<Contestant>();
  const stopAll = (): Promise<unknown> => Promise.all([...started].map((contestant) => contestant.stop()));
  try {
    const { setup, weights } = await prepareSetup(comparable, options, python, folder);
    const start: Start = async (name, threads = availableParallelism()) => {
      const contestant = new Contestant(name, threads, commandOf(name, python));
      started.add(contestant);
      await contestant.load(setup);
      return contestant;
    };
    const withTorch = isOnCpu && python !== undefined;
    const fields = await startFields(start, isOnWebgpu ? [undefined] : options.threads, withTorch);
    const contestants = [...started];
    printHeader(options, contestants, weights);
    const isTorchFair = fields.every((field) => field.isTorchFair);
    printTorch(contestants, isOnCpu, isTorchFair);

    // Everything is compared before anything is timed.
    const contests = fields.map((field) => ({ field, list: contestsOf(field, setup, options.batches) }));
    for (const { list } of contests) for (const contest of list) await checkContest(contest, folder);
    if (isOnWebgpu) console.log(`driver   ${sameDriver(fields[0])}`);
    const launcher = isOnCpu ? (python ?? (await findLauncher())) : undefined;
    const peer = isTorchFair ? python : undefined;
    const whole = launcher && { launcher, peer, folder, weights: setup.weights, device: options.device };
    const measureWhole = whole && (await wholeProcesses(comparable, whole));
    console.log('results  all contestants agree\n');

    const patience = { runs, warmup, milliseconds: patienceMilliseconds };
    const measurements: Measurement[] = [];
    for (const { field, list } of contests) {
      for (const contest of list) measurements.push(await measureContest(contest, field, patience));
    }
    // Contestants that have done their part would only take memory from whole processes.
    await stopAll();
    if (isOnWebgpu) measurements.push(await firstRuns(start, patience));
    if (measureWhole) {
      measurements.push(...(await measureWhole(await start('vitrine'), patience, isTorchFair)));
    }
    printMeasurements(measurements);
    const adapters = [...new Set(contestants.map(({ description }) => description))];
    const rates = contestants.map(({ name, threads, productRate, coreRate }) => {
      return { name, threads, productRate, coreRate };
    });
    const details = { runs, warmup, weights, contestants: rates, isTorchFair, measurements };
    return makeReport(adapters, figuresOf(measurements), details, comparable.entry.name);
  } finally {
    await stopAll();
    await rm(folder, { recursive: true, force: true });
  }
}

function commandOf(name: Parameters<Start>[0], python: string | undefined): [string, ...string[]] {
  if (name === 'PyTorch') return [python!, join(peersFolder, 'contestant.py')];
  const script = name === 'vitrine' ? 'vitrine-contestant.js' : 'onnx-contestant.js';
  return [process.execPath, fileURLToPath(new URL(script, import.meta.url))];
}

async function startFields(
  start: Start,
  threadCounts: readonly (number | undefined)[],
  withTorch: boolean,
): Promise<Field[]> {
  const fields: Field[] = [];
  const torch: Contestant[] = [];
  let isTorchFair = true;
  for (const threads of threadCounts) {
    const vitrine = await start('vitrine', threads);
    const onnx = await start('ONNX Runtime', threads);
    if (withTorch && isTorchFair) {
      const contestant = await start('PyTorch', threads);
      // Decided once: both rates are of one thread, whatever the number of threads.
      isTorchFair = torch.length > 0 || !isSlowBlas(contestant.productRate, vitrine.coreRate);
      if (isTorchFair) torch.push(contestant);
      else await contestant.stop();
    }
    fields.push({ threads, vitrine, onnx, torch: [...torch], isTorchFair });
  }
  return fields;
}

function printHeader(
  { model, runs, warmup }: BenchOptions,
  contestants: readonly Contestant[],
  weights: string,
): void {
  console.log(`machine  ${machineInWords()}`);
  console.log(`model    ${model}, float32; weights: ${weights}`);
  for (const description of new Set(contestants.map((contestant) => contestant.description))) {
    console.log(`contest  ${description}`);
  }
  console.log(`runs     up to ${runs} after ${warmup} to warm up, in turns, fewer on a slow device; medians`);
}

/** What there is to say about PyTorch, where it is none of the contestants or not a fair one. */
function printTorch(contestants: readonly Contestant[], isOnCpu: boolean, isFair: boolean): void {
  const torch = contestants.find(({ name }) => name === 'PyTorch');
  if (!torch) {
    if (!isOnCpu) return;
    console.log(
      'note     no Python here can import torch, numpy and PIL; name one with --python. Without it PyTorch is left out, ' +
        'and ONNX Runtime has no model for several images: it takes them one by one',
    );
    return;
  }
  const [rate, coreRate] = [torch.productRate, contestants.find((each) => each.coreRate)?.coreRate];
  const product = `PyTorch multiplies matrices at ${inGiga(rate)} on one thread`;
  const share = rate !== undefined && coreRate !== undefined ? percent(rate / coreRate) : '-';
  console.log(`product  ${product}, ${share} of what a core can do (${inGiga(coreRate)})`);
  if (isFair) return;
  console.log(
    'note     slow BLAS: with less than half of that PyTorch is no fair peer and is left out, without a verdict; install an ' +
      'optimised one, such as libopenblas0-openmp, and tell it the processor (OPENBLAS_CORETYPE) if it is newer',
  );
}

function inGiga(rate: number | undefined): string {
  return `${digits(rate && rate / 1e9)} GFLOP/s`;
}

/**
 * Names the driver of both.
 * @throws DisagreementError if they loaded different ones
 */
function sameDriver({ vitrine, onnx }: Field): string {
  const [here, there] = [vitrine, onnx].map(({ drivers }) =>
    drivers.map((path) => basename(path)).join(', '),
  );
  if (here !== there) {
    throw new DisagreementError(
      `vitrine runs on ${here || 'no driver'}, ONNX Runtime on ${there || 'no driver'}.`,
    );
  }
  return here === '' ? 'not known on this system' : `both have loaded ${here}`;
}
