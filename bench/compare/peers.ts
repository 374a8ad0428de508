import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchOptions } from '../options.js';
import { peersFolder } from '../paths.js';
import { machineInWords, makeReport, type Report } from '../report.js';
import { digits } from '../table.js';
import { DisagreementError } from './agreement.js';
import { Contestant } from './contestant.js';
import { checkContest, contestsOf, measureContest, type Field } from './contests.js';
import { firstRuns } from './first-runs.js';
import { figuresOf, type Measurement } from './measurement.js';
import { printMeasurements } from './print.js';
import { findPython } from './python.js';
import { prepareSetup, referenceFiles } from './setting.js';
import { leastProductRate } from './targets.js';
import { wholeProcesses } from './whole-process.js';

/** Of one contestant at one measurement. */
const patienceMilliseconds = 60_000;

/** Starts a contestant's process; on all cores if no number of threads is given. */
type Start = (name: 'vitrine' | 'ONNX Runtime' | 'PyTorch', threads?: number) => Promise<Contestant>;

/**
 * Measures vitrine beside ONNX Runtime and PyTorch, on WebGPU beside ONNX Runtime's provider for it; prints it and returns it.
 */
export async function benchPeers(options: BenchOptions): Promise<Report> {
  const { device, runs, warmup } = options;
  const isOnWebgpu = device === 'webgpu';
  const files = await referenceFiles();
  const python = isOnWebgpu ? undefined : await findPython(options.python);
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-bench-'));
  const started = new Set<Contestant>();
  const stopAll = (): Promise<unknown> => Promise.all([...started].map((contestant) => contestant.stop()));
  try {
    const setup = await prepareSetup(files, device ?? 'native', python, folder);
    const start: Start = async (name, threads = availableParallelism()) => {
      const contestant = new Contestant(name, threads, commandOf(name, python));
      started.add(contestant);
      await contestant.load(setup);
      return contestant;
    };
    const fields = await startFields(start, isOnWebgpu ? [undefined] : options.threads, python !== undefined);
    const contestants = [...started];
    printHeader(options, contestants, python);

    // Everything is compared before anything is timed.
    const contests = fields.map((field) => ({ field, list: contestsOf(field, setup) }));
    for (const { list } of contests) for (const contest of list) await checkContest(contest, folder);
    if (isOnWebgpu) console.log(`driver   ${sameDriver(fields[0])}`);
    const isTorchFair = fields.every((field) => field.isTorchFair);
    const measureWhole = python && (await wholeProcesses(python, files.weights, folder, device));
    console.log('results  all contestants agree\n');

    const patience = { runs, warmup, milliseconds: patienceMilliseconds };
    const measurements: Measurement[] = [];
    for (const { field, list } of contests) {
      for (const contest of list) measurements.push(await measureContest(contest, field, patience));
    }
    // Contestants that have done their part would only take memory from whole processes.
    await stopAll();
    if (isOnWebgpu) measurements.push(await firstRuns(start, patience));
    if (measureWhole) measurements.push(...(await measureWhole(patience, isTorchFair)));
    printMeasurements(measurements);
    const adapters = [...new Set(contestants.map(({ description }) => description))];
    const rates = contestants.map(({ name, threads, productRate }) => ({ name, threads, productRate }));
    const details = { runs, warmup, contestants: rates, isTorchFair, measurements };
    return makeReport(adapters, figuresOf(measurements), details);
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
  for (const threads of threadCounts) {
    const vitrine = await start('vitrine', threads);
    const onnx = await start('ONNX Runtime', threads);
    if (withTorch) torch.push(await start('PyTorch', threads));
    fields.push({ threads, vitrine, onnx, torch: [...torch], isTorchFair: !torch.some(isSlow) });
  }
  return fields;
}

/** Whether a contestant multiplies matrices so slowly that it is no fair peer. */
function isSlow({ productRate = Infinity }: Contestant): boolean {
  return productRate < leastProductRate;
}

function printHeader(
  { device, runs, warmup }: BenchOptions,
  contestants: readonly Contestant[],
  python: string | undefined,
): void {
  console.log(`machine  ${machineInWords()}`);
  for (const description of new Set(contestants.map((contestant) => contestant.description))) {
    console.log(`contest  ${description}`);
  }
  console.log(`runs     up to ${runs} after ${warmup} to warm up, in turns, fewer on a slow device; medians`);
  if (python === undefined && device !== 'webgpu') {
    console.log(
      'note     no Python here can import torch, numpy and PIL; name one with --python. Without it PyTorch is left out, ' +
        'and ONNX Runtime has no model for several images: it takes them one by one',
    );
  }
  const slow = contestants.find(isSlow);
  if (slow) {
    console.log(
      `note     PyTorch multiplies matrices at ${digits(slow.productRate! / 1e9)} GFLOP/s here, as with the ` +
        'reference BLAS: no fair peer; install an optimised one, such as libopenblas0-openmp',
    );
  }
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
