import { compile, WebGPUBackend, type Backend, type Program, type Statistics, type Tensor } from 'vitrine';
import { measure, median, type Patience } from './statistics.js';
import { digits, table } from './table.js';

/** From a graph to a program and through its first run, in milliseconds. */
export interface Loading {
  /** Planning, compiling kernels, uploading weights. */
  readonly load: number;
  /** Of that, waiting for pipelines; absent on a backend without them. */
  readonly pipelines?: number;
  readonly firstRun: number;
}

/** What a run costs beside the kernels. */
export interface Costs {
  /** What the host does before and after the device's work; absent where the backend does not tell. */
  readonly host?: { readonly milliseconds: number; readonly recordingMilliseconds: number };
  readonly bytesRead: number;
  /** Held on the device with this one program loaded. */
  readonly deviceBytes: number;
  readonly deviceBuffers: number;
  /** Distinct ones of this program. */
  readonly pipelines?: number;
}

/** On a fresh device, and once more on the same one. */
export interface LoadingReport {
  readonly cold: Loading;
  readonly warm: Loading;
}

type Inputs = Readonly<Record<string, Float32Array>>;

/** Drivers keep compiled kernels on the disk, from one process to the next: what is called cold here must not find them. */
export function withoutDriverCaches(environment: NodeJS.ProcessEnv): void {
  environment['MESA_SHADER_CACHE_DISABLE'] = 'true';
  environment['__GL_SHADER_DISK_CACHE'] = '0';
}

/** @param backend freshly opened: nothing was compiled on it yet */
export async function measureLoading(
  backend: Backend,
  graph: Readonly<Record<string, Tensor>>,
  inputs: Inputs,
): Promise<LoadingReport> {
  const cold = await loadOnce(backend, graph, inputs);
  return { cold, warm: await loadOnce(backend, graph, inputs) };
}

async function loadOnce(
  backend: Backend,
  graph: Readonly<Record<string, Tensor>>,
  inputs: Inputs,
): Promise<Loading> {
  const before = statisticsOf(backend);
  const start = performance.now();
  const program = await compile(graph, backend);
  const loaded = performance.now();
  await program.run(inputs);
  const firstRun = performance.now() - loaded;
  program.dispose();
  const after = statisticsOf(backend);
  return {
    load: loaded - start,
    ...(before && after ? { pipelines: after.pipelineMilliseconds - before.pipelineMilliseconds } : {}),
    firstRun,
  };
}

/** @param pipelines of this program, where the backend has them */
export async function measureCosts(
  backend: Backend,
  program: Program,
  inputs: Inputs,
  patience: Patience,
  pipelines: number | undefined,
): Promise<Costs> {
  const { results } = await measure(async () => {
    const before = statisticsOf(backend);
    await program.run(inputs);
    const after = statisticsOf(backend);
    if (!before || !after) return undefined;
    return {
      milliseconds: after.hostMilliseconds - before.hostMilliseconds,
      recordingMilliseconds: after.recordingMilliseconds - before.recordingMilliseconds,
    };
  }, patience);
  const host = results.filter((time) => time !== undefined);
  const { bytes, buffers } = backend.memory();
  return {
    ...(host.length > 0
      ? {
          host: {
            milliseconds: median(host.map(({ milliseconds }) => milliseconds)),
            recordingMilliseconds: median(host.map(({ recordingMilliseconds }) => recordingMilliseconds)),
          },
        }
      : {}),
    bytesRead: program.plan.outputs.reduce(
      (sum, { shape }) => sum + 4 * shape.reduce((size, extent) => size * extent, 1),
      0,
    ),
    deviceBytes: bytes,
    deviceBuffers: buffers,
    ...(pipelines === undefined ? {} : { pipelines }),
  };
}

export function statisticsOf(backend: Backend): Statistics | undefined {
  return backend instanceof WebGPUBackend ? backend.statistics() : undefined;
}

export function printLoading({ cold, warm }: LoadingReport, costs: Costs): void {
  const line = (name: string, { load, pipelines, firstRun }: Loading): string[] => [
    name,
    digits(load),
    digits(pipelines ?? NaN),
    digits(firstRun),
    digits(load + firstRun),
  ];
  console.log('\nto the first explanation, ms');
  console.log(
    table(
      [
        { title: '', align: 'left' },
        { title: 'load' },
        { title: 'of it pipelines' },
        { title: 'first run' },
        { title: 'together' },
      ],
      [line('cold: a fresh device', cold), line('warm: again on the same device', warm)],
    ),
  );
  const { pipelines, host, bytesRead, deviceBytes, deviceBuffers } = costs;
  if (pipelines !== undefined) console.log(`pipelines     ${pipelines} distinct`);
  if (host) {
    console.log(
      `host          ${digits(host.milliseconds)} ms a run to write, submit and take apart; ` +
        `${digits(host.recordingMilliseconds)} ms to record the next run while the device works`,
    );
  }
  console.log(`read back     ${digits(bytesRead / 1024)} KiB a run`);
  console.log(`device memory ${digits(deviceBytes / 2 ** 20)} MiB in ${deviceBuffers} buffers`);
}
