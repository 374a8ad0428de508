import { sizeOf, WebGPUBackend, type Backend, type Program, type Statistics } from 'vitrine';
import { measure, median, sum, type Patience } from './statistics.js';
import { digits, table } from './table.js';

/** Drivers keep compiled kernels on the disk, from one process to the next: what is called cold here must not find them. */
export function withoutDriverCaches(environment: NodeJS.ProcessEnv): void {
  environment['MESA_SHADER_CACHE_DISABLE'] = 'true';
  environment['__GL_SHADER_DISK_CACHE'] = '0';
}

/**
 * What a program costs beside the time of its kernels; undefined is what only a backend with pipelines tells.
 * @param backend freshly opened: nothing was compiled on it yet
 * @param load plans and loads the program
 */
export async function measureCosts(
  backend: Backend,
  load: () => Promise<Program>,
  inputs: Readonly<Record<string, Float32Array>>,
  patience: Patience,
) {
  // From a graph to a program (planning, of it waiting for pipelines, uploading weights) and through its first run.
  const loadOnce = async () => {
    const before = statisticsOf(backend);
    const start = performance.now();
    const program = await load();
    const loaded = performance.now();
    await program.run(inputs);
    const firstRun = performance.now() - loaded;
    program.dispose();
    const pipelines = before && statisticsOf(backend)!.pipelineMilliseconds - before.pipelineMilliseconds;
    return { load: loaded - start, pipelines, firstRun };
  };
  const [cold, warm] = [await loadOnce(), await loadOnce()];
  const program = await load();
  const { results } = await measure(async () => {
    const before = statisticsOf(backend);
    await program.run(inputs);
    return { before, after: statisticsOf(backend) };
  }, patience);
  const statistics = statisticsOf(backend);
  const perRun = (name: 'hostMilliseconds' | 'recordingMilliseconds'): number | undefined =>
    statistics && median(results.map(({ before, after }) => after![name] - before![name]));
  const { bytes: deviceBytes, buffers: deviceBuffers } = backend.memory();
  program.dispose();
  return {
    cold,
    warm,
    pipelines: statistics?.pipelines,
    // Before and after the device's work, and meanwhile for the next run.
    hostMilliseconds: perRun('hostMilliseconds'),
    recordingMilliseconds: perRun('recordingMilliseconds'),
    bytesRead: sum(program.plan.outputs.map(({ shape }) => 4 * sizeOf(shape))),
    // With this one program loaded.
    deviceBytes,
    deviceBuffers,
  };
}

function statisticsOf(backend: Backend): Statistics | undefined {
  return backend instanceof WebGPUBackend ? backend.statistics() : undefined;
}

export function printCosts({ cold, warm, ...rest }: Awaited<ReturnType<typeof measureCosts>>): void {
  const rows = Object.entries({ 'cold: a fresh device': cold, 'warm: again on the same device': warm });
  const lines = rows.map(([name, loading]) => ({
    '': name,
    load: digits(loading.load),
    'of it pipelines': digits(loading.pipelines),
    'first run': digits(loading.firstRun),
    together: digits(loading.load + loading.firstRun),
  }));
  console.log(`\nto the first explanation, ms\n${table(lines)}`);
  if (rest.pipelines !== undefined) {
    console.log(`pipelines     ${rest.pipelines} distinct`);
    console.log(
      `host          ${digits(rest.hostMilliseconds)} ms a run to write, submit and take apart; ` +
        `${digits(rest.recordingMilliseconds)} ms to record the next run while the device works`,
    );
  }
  console.log(`read back     ${digits(rest.bytesRead / 1024)} KiB a run`);
  console.log(`device memory ${digits(rest.deviceBytes / 2 ** 20)} MiB in ${rest.deviceBuffers} buffers`);
}
