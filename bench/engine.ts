import { buildPlan, compile, type Backend, type Program, type VisionTransformer } from 'vitrine';
import { ceilingsInWords, measureCeilings, type Ceilings } from './ceilings.js';
import { onEachDevice } from './device.js';
import { kernelRows, printKernels, productsInWords, type KernelRow } from './kernel-rows.js';
import {
  measureCosts,
  measureLoading,
  printLoading,
  statisticsOf,
  type Costs,
  type LoadingReport,
} from './loading.js';
import { describeMachine, machineInWords } from './machine.js';
import type { BenchOptions } from './options.js';
import { phasesOf } from './phases.js';
import { clockInWords, profileSteps, stepMedians, type Profiled } from './profile.js';
import { makeReport, today, type Figure, type Report } from './report.js';
import { writeTimeline } from './timeline-file.js';
import { measureAllTotals, printTotals, type Totals } from './totals.js';
import { explanationGraph, gradientsGraph, modelName, openModel, randomImages } from './workloads.js';

/** What was measured on one device. */
interface DeviceReport {
  readonly backend: string;
  readonly adapter: string;
  readonly ceilings: Ceilings | undefined;
  readonly loading: LoadingReport;
  readonly costs: Costs;
  readonly clock?: Profiled['clock'];
  readonly kernels?: readonly KernelRow[];
  readonly totals: readonly Totals[];
}

const target = { kind: 'rank', rank: 0 } as const;
/** Of one workload. */
const patienceMilliseconds = 20_000;
/** Kernels that take less of the run are printed together. */
const leastShare = 0.002;

/** Measures the engine by itself on each device, prints it and returns it. */
export async function benchEngine(options: BenchOptions): Promise<Report> {
  const { runs, warmup } = options;
  const { model, weights } = await openModel(options.weights);
  console.log(`machine  ${machineInWords(describeMachine())}`);
  console.log(`model    ${modelName}, float32; weights: ${weights}`);
  console.log(`runs     up to ${runs} after ${warmup} to warm up, fewer on a slow device; medians`);
  const { results, leftOut } = await onEachDevice(options, (backend) => benchDevice(model, backend, options));
  const adapters = results.map(({ adapter }) => adapter);
  return makeReport(adapters, results.flatMap(figuresOf), {
    weights,
    runs,
    warmup,
    leftOut,
    devices: results,
  });
}

async function benchDevice(
  model: VisionTransformer,
  backend: Backend,
  options: BenchOptions,
): Promise<DeviceReport> {
  const { runs, warmup, batches } = options;
  const patience = { runs, warmup, milliseconds: patienceMilliseconds };
  const { name, adapter } = backend;
  console.log(`\n=== ${name}: ${adapter}`);
  const graph = explanationGraph(model, 1, target);
  const image = randomImages(model, 1);
  // First of all, while nothing is compiled on the device yet.
  const loading = await measureLoading(backend, graph, { image });
  const pipelines = statisticsOf(backend)?.pipelines;
  const ceilings = await measureCeilings(backend);
  console.log(`ceiling  ${ceilingsInWords(ceilings)}`);
  const program = await compile(graph, backend);
  const costs = await measureCosts(
    backend,
    program,
    { image },
    { ...patience, milliseconds: 5000 },
    pipelines,
  );
  const profiled = await profileSteps(program, { image }, patience);
  const kernels = profiled ? printProfile(program, profiled, ceilings) : undefined;
  if (profiled && options.timeline !== undefined) {
    const gradientSteps = buildPlan(gradientsGraph(model, 1, target), undefined, backend.fusions).steps;
    const { steps } = program.plan;
    await writeTimeline(options, name, {
      title: `DeiT-tiny, one explanation by gradient rollout, on ${name}`,
      subtitle: `${adapter}; ${today()}; ${steps.length} kernels, by ${clockInWords(profiled.clock)}`,
      steps,
      milliseconds: stepMedians(profiled.runs),
      phases: phasesOf(steps, gradientSteps),
    });
  }
  program.dispose();
  printLoading(loading, costs);
  const totals = await measureAllTotals(model, backend, batches, patience);
  printTotals(totals);
  const { clock } = profiled ?? {};
  return { backend: name, adapter, ceilings, loading, costs, ...(kernels && { clock, kernels }), totals };
}

function printProfile(
  { plan: { steps } }: Program,
  { runs, clock }: Profiled,
  ceilings: Ceilings | undefined,
): KernelRow[] {
  const rows = kernelRows(steps, runs, ceilings);
  console.log(
    `\n${steps.length} kernels of forward + attention gradients + gradient rollout, batch 1; ` +
      `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}, by ${clockInWords(clock)}`,
  );
  printKernels(rows, leastShare);
  console.log(productsInWords(steps, runs, ceilings));
  return rows;
}

/** What two runs are compared by. */
function figuresOf({ backend, ceilings, loading, costs, kernels, totals }: DeviceReport): Figure[] {
  const figure = (name: string, value: number | undefined, unit = 'ms'): Figure[] =>
    value === undefined ? [] : [{ name: `${backend}: ${name}`, unit, value }];
  return [
    ...figure('ceiling of multiply-adds', ceilings && ceilings.multiplyAdd / 1e9, 'GFLOP/s'),
    ...figure('ceiling of a copy', ceilings && ceilings.copy / 1e9, 'GB/s'),
    ...totals.flatMap(({ batch, forward, gradients, explanation }) => [
      ...figure(`forward, batch ${batch}`, forward.median),
      ...figure(`forward + attention gradients, batch ${batch}`, gradients.median),
      ...figure(`explanation, batch ${batch}`, explanation.median),
    ]),
    ...figure('load and first run, cold', loading.cold.load + loading.cold.firstRun),
    ...figure('load and first run, warm', loading.warm.load + loading.warm.firstRun),
    ...figure('pipelines, cold', loading.cold.pipelines),
    ...figure('distinct pipelines', costs.pipelines, ''),
    ...figure('host time a run', costs.host?.milliseconds),
    ...figure('recording a run', costs.host?.recordingMilliseconds),
    ...figure('device memory', costs.deviceBytes / 2 ** 20, 'MiB'),
    ...(kernels ?? []).flatMap(({ kernel, shape, milliseconds, share }) =>
      share < leastShare ? [] : figure(`${kernel} ${shape}`, milliseconds),
    ),
  ];
}
