import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { preprocess, UsageError } from 'vitrine';
import { readPicture } from 'vitrine/node';
import { describeMachine, machineInWords } from '../machine.js';
import type { BenchOptions } from '../options.js';
import { packageRoot, peersFolder } from '../paths.js';
import { generator } from '../random.js';
import { makeReport, type Report } from '../report.js';
import { digits } from '../table.js';
import { checkResults } from './agreement.js';
import { Contestant } from './contestant.js';
import { figuresOf, judge, takeTurns, type Measurement } from './measurement.js';
import { printMeasurements } from './print.js';
import type { Setup } from './protocol.js';
import { findPython } from './python.js';
import { readRaw, writeRaw } from './raw-file.js';
import { leastProductRate } from './targets.js';
import { contests, entryOf, type Contest, type Field } from './tasks.js';
import { WholeProcesses } from './whole-process.js';

/** ImageNet's "tabby". */
const category = 281;
const largestBatch = 8;

/** Measures vitrine beside ONNX Runtime and PyTorch, prints it and returns it. */
export async function benchPeers(options: BenchOptions): Promise<Report> {
  const files = await referenceFiles();
  await requireFile(
    join(peersFolder, 'node_modules', 'onnxruntime-node', 'package.json'),
    'ONNX Runtime is not installed; run: npm ci --prefix bench/peers --ignore-scripts',
  );
  const python = await findPython(options.python);
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-bench-'));
  const started: Contestant[] = [];
  try {
    const images = join(folder, 'images');
    await writeRaw(images, [await imagesToCompare()]);
    const start = async (
      name: string,
      command: [string, ...string[]],
      threads: number,
    ): Promise<Contestant> => {
      const setup: Setup = { ...files, device: options.device ?? 'native', threads, images, category };
      const contestant = await Contestant.start(name, command, setup);
      started.push(contestant);
      return contestant;
    };
    const fields = await startAll(options.threads, python, start);
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
    fields.set(threads, { vitrine, onnx, torch: [...torch], isTorchFair });
  }
  return fields;
}

/** @throws DisagreementError if a way gives other results than the first */
async function checkContest({ title, ways }: Contest, folder: string): Promise<void> {
  const [ours, ...others] = ways.filter(
    ({ task }) => task.work === ways[0].task.work || task.work === 'forward-each',
  );
  const file = join(folder, 'results');
  const sizes = await ours.contestant.outputs(ours.task, file);
  const expected = await readRaw(file);
  for (const { contestant, task, label = '' } of others) {
    await contestant.outputs(task, file);
    const { threads, name } = contestant;
    const names = `${title}, vitrine and ${name} ${label}`.trim();
    checkResults(sizes, expected, await readRaw(file), `${names}, ${threads} threads`);
  }
}

/** A photograph, and the same with noise laid over it, so that no two images of a batch are alike. */
async function imagesToCompare(): Promise<Float32Array> {
  const { values } = preprocess(await readPicture(join(packageRoot, 'examples', 'chelsea.png')));
  const random = generator(3);
  return Float32Array.from({ length: largestBatch * values.length }, (_, index) => {
    const noise = index < values.length ? 0 : random() - 0.5;
    return values[index % values.length] + noise;
  });
}

async function referenceFiles(): Promise<{ weights: string; onnx: string }> {
  const reference = process.env['VITRINE_REFERENCE'];
  if (reference === undefined || reference === '') {
    throw new UsageError(
      'VITRINE_REFERENCE is not set; set it to the folder that holds peers/deit_tiny_attn.onnx and weights/.',
    );
  }
  const weights = join(reference, 'weights', 'deit_tiny_patch16_224.safetensors');
  const onnx = join(reference, 'peers', 'deit_tiny_attn.onnx');
  for (const file of [weights, onnx]) {
    await requireFile(
      file,
      `There is no ${file}; VITRINE_REFERENCE must be the folder of the reference data.`,
    );
  }
  return { weights, onnx };
}

async function requireFile(path: string, complaint: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new UsageError(complaint);
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
