import { compile, sizeOf, UsageError, type Backend, type Tensor } from 'vitrine';
import { measureCeilings } from './ceilings.js';
import { onEachDevice } from './device.js';
import { kernelGraph } from './kernel-cases.js';
import { printKernels } from './kernel-rows.js';
import type { BenchOptions } from './options.js';
import { profileSteps } from './profile.js';
import { generator, randomValues } from './random.js';
import { machineInWords, makeReport, type Report } from './report.js';

/** Measures one kernel on each device, prints it and returns it. */
export async function benchKernel(options: BenchOptions): Promise<Report> {
  const y = kernelGraph(options.kernel!, options.shape!);
  console.log(`machine  ${machineInWords()}`);
  const { results } = await onEachDevice(options, async (backend) => {
    const rows = await measureOn(backend, y, options);
    return { backend: backend.name, adapter: backend.adapter, rows };
  });
  const figures = results.flatMap(({ backend, rows }) =>
    rows.map(({ kernel, shape, milliseconds }) => {
      return { name: `${backend}: ${kernel} ${shape} alone`, unit: 'ms', value: milliseconds };
    }),
  );
  const adapters = results.map(({ adapter }) => adapter);
  return makeReport(adapters, figures, results);
}

async function measureOn(
  backend: Backend,
  y: Tensor,
  { kernel, shape, runs, warmup }: BenchOptions,
): Promise<ReturnType<typeof printKernels>> {
  const ceilings = await measureCeilings(backend);
  const program = await compile({ y }, backend);
  const random = generator(4);
  const inputs = Object.fromEntries(
    program.plan.inputs.map(({ name, shape }) => [name, randomValues(sizeOf(shape), random, 0.1, 1)]),
  );
  const patience = { runs, warmup, milliseconds: 20_000 };
  const profiled = await profileSteps(program, inputs, patience);
  program.dispose();
  if (!profiled) {
    throw new UsageError(
      `The backend ${backend.name} cannot measure a single kernel; choose another --device.`,
    );
  }
  return printKernels(`${kernel}, ${shape}`, profiled, ceilings);
}
