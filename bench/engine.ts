import { buildPlan, Program, type Backend, type VisionTransformer } from 'vitrine';
import { writeFileAtomically } from 'vitrine/node';
import { measureCeilings } from './ceilings.js';
import { onEachDevice } from './device.js';
import { printKernels } from './kernel-rows.js';
import { labelled } from './labels.js';
import { measureCosts, printCosts } from './loading.js';
import { openModel } from './models.js';
import type { BenchOptions } from './options.js';
import { profileSteps } from './profile.js';
import { machineInWords, makeReport, type Figure, type Report } from './report.js';
import { traceOf, type MeasuredPlan } from './timeline.js';
import { measureTotals, printTotals, type Totals } from './totals.js';
import { explanationWork } from './workloads.js';

/** Of one workload. */
const patienceMilliseconds = 20_000;
/** Kernels that take less of the run are printed together. */
const leastShare = 0.002;

/** Measures the engine by itself on each device, prints it and returns it. */
export async function benchEngine(options: BenchOptions): Promise<Report> {
  const { runs, warmup, timeline } = options;
  const { entry, model, weights } = await openModel(options.model, options.weights);
  console.log(`machine  ${machineInWords()}`);
  console.log(`model    ${entry.name}, float32; weights: ${weights}`);
  console.log(`runs     up to ${runs} after ${warmup} to warm up, fewer on a slow device; medians`);
  const measured: MeasuredPlan[] = [];
  const { results: devices, leftOut } = await onEachDevice(options, (backend) =>
    benchDevice(model, backend, options, (plan) => measured.push(plan)),
  );
  if (timeline !== undefined) {
    await writeFileAtomically(timeline, JSON.stringify(traceOf(measured)));
    console.log(`\ntimeline ${timeline}, for ui.perfetto.dev or chrome://tracing`);
  }
  const adapters = devices.map(({ adapter }) => adapter);
  const details = { weights, runs, warmup, leftOut, devices };
  return makeReport(adapters, devices.flatMap(figuresOf), details, entry.name);
}

/** What was measured on one device; without kernels where it cannot measure single steps. */
type DeviceReport = Awaited<ReturnType<typeof benchDevice>>;

async function benchDevice(
  model: VisionTransformer,
  backend: Backend,
  { runs, warmup, batches }: BenchOptions,
  keep: (plan: MeasuredPlan) => void,
) {
  const { name, adapter } = backend;
  const patience = { runs, warmup, milliseconds: patienceMilliseconds };
  const { graph, inputs, labels } = labelled(model, () => explanationWork(model, 1));
  const load = async (): Promise<Program> => {
    const plan = buildPlan(graph, undefined, backend.fusions, { labels });
    return new Program(plan, await backend.load(plan));
  };
  // First of all, while nothing is compiled on the device yet.
  const costs = await measureCosts(backend, load, inputs, { ...patience, milliseconds: 5000 });
  const ceilings = await measureCeilings(backend);
  const program = await load();
  const profiled = await profileSteps(program, inputs, patience);
  program.dispose();
  const what = 'forward + attention gradients + gradient rollout, batch 1';
  const kernels = profiled && printKernels(what, profiled, ceilings, leastShare);
  if (profiled) keep({ device: `${name}: ${adapter}`, profiled });
  printCosts(costs);
  const totals: Totals[] = [];
  for (const batch of batches) totals.push(await measureTotals(model, backend, batch, patience));
  printTotals(totals, model.config.depth);
  return { backend: name, adapter, ceilings, costs, clock: profiled?.clock, kernels, totals };
}

/** What two runs are compared by. */
function figuresOf({ backend, ceilings, costs, kernels = [], totals }: DeviceReport): Figure[] {
  const { cold, warm, pipelines, hostMilliseconds, recordingMilliseconds } = costs;
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
    ...figure('load and first run, cold', cold.load + cold.firstRun),
    ...figure('load and first run, warm', warm.load + warm.firstRun),
    ...figure('pipelines, cold', cold.pipelines),
    ...figure('distinct pipelines', pipelines, ''),
    ...figure('host time a run', hostMilliseconds),
    ...figure('recording a run', recordingMilliseconds),
    ...figure('device memory', costs.deviceBytes / 2 ** 20, 'MiB'),
    ...kernels
      .filter(({ share }) => share >= leastShare)
      .flatMap(({ kernel, shape, milliseconds }) => figure(`${kernel} ${shape}`, milliseconds)),
  ];
}
