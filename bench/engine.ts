import { compile, UsageError, type Backend, type VisionTransformer } from 'vitrine';
import { ceilingOf, openDevice } from './device.js';
import { describeMachine, machineInWords } from './machine.js';
import type { BenchOptions } from './options.js';
import { productRows, stepRows, type ProductRow, type StepRow } from './products.js';
import { measure, summarise, type Summary } from './statistics.js';
import { digits, percent, table } from './table.js';
import { explanationGraph, forwardGraph, openModel, randomImages } from './workloads.js';

/** Whole runs at one batch size. */
interface Totals {
  readonly batch: number;
  /** Forward, logits and all attentions handed back. */
  readonly forward: Summary;
  /** Forward, attention gradients and gradient rollout, the map handed back. */
  readonly explanation: Summary;
  /** Of the medians, explanation by forward. */
  readonly ratio: number;
}

const batches = [1, 8];

/** Measures the engine by itself, prints it and returns it. */
export async function benchEngine(options: BenchOptions): Promise<unknown> {
  const { device, runs, warmup } = options;
  const [threads] = options.threads;
  const machine = describeMachine();
  const { model, weights } = await openModel(options.weights);
  const backend = await openDevice(device, threads);
  try {
    console.log(`machine  ${machineInWords(machine)}`);
    console.log(`device   ${backend.name}: ${backend.adapter}`);
    console.log(`weights  ${weights}`);
    console.log(`runs     ${runs} after ${warmup} to warm up; medians`);
    const ceiling = ceilingOf(backend);
    printCeiling(ceiling, threads);
    const profiled = await profile(model, backend, options, ceiling);
    if (profiled) {
      printProducts(profiled.products);
      printSteps(profiled.steps);
    } else {
      console.log('\nsteps    not known: this backend cannot measure single steps');
    }
    const totals: Totals[] = [];
    for (const batch of batches) totals.push(await measureTotals(model, backend, batch, options));
    printTotals(totals);
    const described = { backend: backend.name, adapter: backend.adapter, threads };
    return { machine, device: described, weights, runs, warmup, ceiling, ...profiled, totals };
  } finally {
    backend.destroy();
  }
}

async function profile(
  model: VisionTransformer,
  backend: Backend,
  { runs, warmup, threads }: BenchOptions,
  ceiling: number | undefined,
): Promise<{ products: ProductRow[]; steps: StepRow[] } | undefined> {
  const program = await compile(explanationGraph(model, 1, { kind: 'rank', rank: 0 }), backend);
  const image = randomImages(model, 1);
  const times: (readonly number[])[] = [];
  try {
    for (let run = 0; run < warmup + runs; run++) {
      const { milliseconds } = await program.profile({ image });
      if (run >= warmup) times.push(milliseconds);
    }
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  } finally {
    program.dispose();
  }
  const all = ceiling === undefined ? undefined : ceiling * threads[0];
  return {
    products: productRows(program.plan.steps, times, all),
    steps: stepRows(program.plan.steps, times),
  };
}

async function measureTotals(
  model: VisionTransformer,
  backend: Backend,
  batch: number,
  { runs, warmup }: BenchOptions,
): Promise<Totals> {
  const image = randomImages(model, batch);
  const time = async (graph: Parameters<typeof compile>[0]): Promise<Summary> => {
    const program = await compile(graph, backend);
    try {
      return summarise(await measure(() => program.run({ image }), warmup, runs));
    } finally {
      program.dispose();
    }
  };
  const forward = await time(forwardGraph(model, batch));
  const explanation = await time(explanationGraph(model, batch, { kind: 'rank', rank: 0 }));
  return { batch, forward, explanation, ratio: explanation.median / forward.median };
}

function printCeiling(ceiling: number | undefined, threads: number): void {
  if (ceiling === undefined) {
    console.log('\nceiling  not known: this backend cannot measure its multiply-add rate');
    return;
  }
  const rate = (flops: number): string => `${digits(flops / 1e9)} GFLOP/s`;
  console.log(`\nceiling  ${rate(ceiling)} a core in registers; ${rate(ceiling * threads)} on all threads`);
}

function printProducts(products: readonly ProductRow[]): void {
  const rows = products.map(({ batch, m, k, n, epilogue, calls, milliseconds, share, gflops, ofCeiling }) => [
    `${batch} x ${m} x ${k} x ${n}`,
    epilogue,
    String(calls),
    digits(milliseconds),
    percent(share),
    digits(gflops),
    percent(ofCeiling),
  ]);
  console.log('\nmatrix products of forward + attention gradients + gradient rollout, batch 1');
  console.log(
    table(
      [
        { title: 'batch x m x k x n', align: 'left' },
        { title: 'epilogue', align: 'left' },
        { title: 'calls' },
        { title: 'ms a call' },
        { title: 'share of run' },
        { title: 'GFLOP/s' },
        { title: 'of ceiling' },
      ],
      rows,
    ),
  );
  const milliseconds = sumOf(products, (row) => row.calls * row.milliseconds);
  const gflop = sumOf(products, ({ batch, m, k, n, calls }) => (2 * calls * batch * m * k * n) / 1e9);
  console.log(
    `all products: ${digits(gflop)} GFLOP in ${digits(milliseconds)} ms, ` +
      `${digits(gflop / (milliseconds / 1e3))} GFLOP/s, ${percent(sumOf(products, ({ share }) => share))} of the run`,
  );
}

function sumOf<Row>(rows: readonly Row[], value: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + value(row), 0);
}

function printSteps(steps: readonly StepRow[]): void {
  console.log('\nother steps of the same plan');
  console.log(
    table(
      [
        { title: 'step', align: 'left' },
        { title: 'calls' },
        { title: 'ms in all' },
        { title: 'share of run' },
      ],
      steps.map(({ kind, calls, milliseconds, share }) => [
        kind,
        String(calls),
        digits(milliseconds),
        percent(share),
      ]),
    ),
  );
}

function printTotals(totals: readonly Totals[]): void {
  console.log('\nwhole runs, ms');
  console.log(
    table(
      [
        { title: 'batch' },
        { title: 'forward + 12 attentions' },
        { title: 'an image' },
        { title: 'explanation' },
        { title: 'an image' },
        { title: 'explanation / forward' },
      ],
      totals.map(({ batch, forward, explanation, ratio }) => [
        String(batch),
        digits(forward.median),
        digits(forward.median / batch),
        digits(explanation.median),
        digits(explanation.median / batch),
        ratio.toFixed(2),
      ]),
    ),
  );
}
