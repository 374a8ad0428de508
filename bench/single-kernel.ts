import { compile, sizeOf, UsageError, type Backend } from 'vitrine';
import { ceilingsInWords, measureCeilings } from './ceilings.js';
import { onEachDevice } from './device.js';
import { kernelGraph } from './kernel-cases.js';
import { kernelRows, printKernels, type KernelRow } from './kernel-rows.js';
import { describeMachine, machineInWords } from './machine.js';
import type { BenchOptions } from './options.js';
import { clockInWords, profileSteps } from './profile.js';
import { generator, randomValues } from './random.js';
import { makeReport, type Report } from './report.js';

interface MeasuredKernel {
  readonly backend: string;
  readonly adapter: string;
  readonly rows: readonly KernelRow[];
}

/** Measures one kernel on each device, prints it and returns it. */
export async function benchKernel(
  options: BenchOptions,
  { name, shape }: NonNullable<BenchOptions['kernel']>,
): Promise<Report> {
  const y = kernelGraph(name, shape);
  console.log(`machine  ${machineInWords(describeMachine())}`);
  const { results } = await onEachDevice(options, async (backend): Promise<MeasuredKernel> => {
    console.log(`\n=== ${backend.name}: ${backend.adapter}`);
    return {
      backend: backend.name,
      adapter: backend.adapter,
      rows: await measureOn(backend, { y }, options),
    };
  });
  const figures = results.flatMap(({ backend, rows }) =>
    rows.map((row) => ({
      name: `${backend}: ${row.kernel} ${row.shape} alone`,
      unit: 'ms',
      value: row.milliseconds,
    })),
  );
  return makeReport(
    results.map(({ adapter }) => adapter),
    figures,
    results,
  );
}

async function measureOn(
  backend: Backend,
  outputs: Parameters<typeof compile>[0],
  { runs, warmup }: BenchOptions,
): Promise<KernelRow[]> {
  const ceilings = await measureCeilings(backend);
  console.log(`ceiling  ${ceilingsInWords(ceilings)}`);
  const program = await compile(outputs, backend);
  try {
    const random = generator(4);
    const { inputs, steps } = program.plan;
    const given = inputs.map(
      ({ name, shape }) => [name, randomValues(sizeOf(shape), random, 0.1, 1)] as const,
    );
    const patience = { runs, warmup, milliseconds: 20_000 };
    const profiled = await profileSteps(program, Object.fromEntries(given), patience);
    if (!profiled) {
      throw new UsageError(
        `The backend ${backend.name} cannot measure a single kernel; choose another --device.`,
      );
    }
    const rows = kernelRows(steps, profiled.runs, ceilings);
    console.log(`clock    ${clockInWords(profiled.clock)}; medians of ${profiled.runs.length}\n`);
    printKernels(rows);
    return rows;
  } finally {
    program.dispose();
  }
}
