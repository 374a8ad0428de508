import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeMachine, machineInWords } from '../machine.js';
import type { BenchOptions } from '../options.js';
import { peersFolder } from '../paths.js';
import { makeReport, type Report } from '../report.js';
import { digits } from '../table.js';
import { checkContest } from './check.js';
import { Contestant } from './contestant.js';
import { figuresOf, judge, takeTurns, type Measurement } from './measurement.js';
import { printMeasurements } from './print.js';
import type { Setup } from './protocol.js';
import { findPython } from './python.js';
import { writeRaw } from './raw-file.js';
import { category, imagesToCompare, referenceFiles } from './setting.js';
import { leastProductRate } from './targets.js';
import { contests, entryOf, type Field } from './tasks.js';
import { trainingToCompare } from './training.js';
import { benchWebgpuPeers } from './webgpu-peers.js';
import { WholeProcesses } from './whole-process.js';

/** Measures vitrine beside ONNX Runtime and PyTorch, prints it and returns it. */
export async function benchPeers(options: BenchOptions): Promise<Report> {
  if (options.device === 'webgpu') return benchWebgpuPeers(options);
  const files = await referenceFiles();
  const python = await findPython(options.python);
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-bench-'));
  const started: Contestant[] = [];
  try {
    const images = join(folder, 'images');
    await writeRaw(images, [await imagesToCompare()]);
    const training = await trainingToCompare(folder);
    const start = async (
      name: string,
      command: [string, ...string[]],
      threads: number,
    ): Promise<Contestant> => {
      const setup: Setup = {
        ...files,
        training,
        device: options.device ?? 'native',
        threads,
        images,
        category,
        provider: 'cpu',
      };
      const contestant = await Contestant.start(name, command, setup);
      started.push(contestant);
      return contestant;
    };
    const fields = await startAll(options.threads, python, training.settings.batch, start);
    const isTorchFair = [...fields.values()].every((field) => field.isTorchFair);
    printHeader(options, started, python, isTorchFair);
    return await checkAndMeasure(options, fields, started, { ...files, python, folder, isTorchFair });
  } finally {
    await stopAll(started);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Everything is compared before anything is timed. */
async function checkAndMeasure(
  options: BenchOptions,
  fields: ReadonlyMap<number, Field>,
  started: readonly Contestant[],
  setting: { weights: string; python: string | undefined; folder: string; isTorchFair: boolean },
): Promise<Report> {
  const { runs, warmup } = options;
  const { weights, python, folder, isTorchFair } = setting;
  const contestsOf = [...fields].map(([threads, field]) => ({ threads, field, list: contests(field) }));
  for (const { list } of contestsOf) for (const contest of list) await checkContest(contest, folder);
  const device = options.device;
  const whole =
    python === undefined
      ? undefined
      : await WholeProcesses.check({ python, weights, folder, device, isFair: isTorchFair });
  console.log('results  all contestants agree\n');

  const measurements: Measurement[] = [];
  for (const { threads, field, list } of contestsOf) {
    for (const { title, against, target, ways } of list) {
      const entries = ways.map(entryOf);
      const numbers = await takeTurns(entries, { warmup, runs });
      const isFair = against !== 'PyTorch' || field.isTorchFair;
      measurements.push(judge({ title, unit: 'ms', threads, against, target }, entries, numbers, isFair));
    }
  }
  // Contestants that have done their part would only take memory from whole processes.
  await stopAll(started);
  if (whole) measurements.push(...(await whole.measure(runs)));
  printMeasurements(measurements);
  const contestants = started.map(({ name, threads, description, productRate }) => ({
    name,
    threads,
    description,
    ...(productRate === undefined ? {} : { productRate }),
  }));
  const adapters = [...new Set(started.map(({ description }) => description))];
  const details = { runs, warmup, contestants, isTorchFair, measurements };
  return makeReport(adapters, figuresOf(measurements), details);
}

async function stopAll(started: readonly Contestant[]): Promise<void> {
  await Promise.all(started.map((contestant) => contestant.stop()));
}

async function startAll(
  threadCounts: readonly number[],
  python: string | undefined,
  trainingBatch: number,
  start: (name: string, command: [string, ...string[]], threads: number) => Promise<Contestant>,
): Promise<Map<number, Field>> {
  const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  const fields = new Map<number, Field>();
  const torch: Contestant[] = [];
  for (const threads of threadCounts) {
    const vitrine = await start('vitrine', [process.execPath, script('vitrine-contestant.js')], threads);
    const onnx = await start('ONNX Runtime', [process.execPath, script('onnx-contestant.js')], threads);
    if (python !== undefined) {
      torch.push(await start('PyTorch', [python, join(peersFolder, 'contestant.py')], threads));
    }
    const isTorchFair = torch.every(({ productRate = 0 }) => productRate >= leastProductRate);
    fields.set(threads, { vitrine, onnx, torch: [...torch], isTorchFair, trainingBatch });
  }
  return fields;
}

function printHeader(
  { runs, warmup }: BenchOptions,
  started: readonly Contestant[],
  python: string | undefined,
  isTorchFair: boolean,
): void {
  console.log(`machine  ${machineInWords(describeMachine())}`);
  for (const description of new Set(started.map((contestant) => contestant.description))) {
    console.log(`contest  ${description}`);
  }
  console.log(`runs     ${runs} after ${warmup} to warm up, in turns; medians`);
  if (python === undefined) {
    console.log(
      'note     no Python here can import torch, numpy and PIL, so PyTorch is left out; name one with --python',
    );
  } else if (!isTorchFair) {
    const rates = started.flatMap(({ productRate }) => (productRate === undefined ? [] : [productRate]));
    console.log(
      `note     PyTorch multiplies matrices at ${digits(Math.min(...rates) / 1e9)} GFLOP/s here, as with the ` +
        'reference BLAS: no fair peer; install an optimised one, such as libopenblas0-openmp',
    );
  }
}
