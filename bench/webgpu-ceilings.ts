import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WebGPUBackend } from 'vitrine';
import type { Ceilings } from './ceilings.js';
import { packageRoot } from './paths.js';

/** A kernel of bench/kernels, specialised. */
interface Probe {
  readonly file: string;
  readonly constants: Readonly<Record<string, number>>;
  readonly workgroups: number;
}

const lanes = 64;
const vectorBytes = 16;
const enoughMilliseconds = 40;
/** In multiply_add.wgsl. */
const stepsAnIteration = 16;
const tries = 3;

type DeviceAccess = Pick<WebGPUBackend, 'device' | 'wait'>;

/** What the adapter reaches with nothing but multiply-adds, and with nothing but a copy; the best of several variants. */
export async function webgpuCeilings(on: DeviceAccess): Promise<Ceilings> {
  return { multiplyAdd: await multiplyAddRate(on), copy: await copyRate(on) };
}

async function multiplyAddRate(on: DeviceAccess): Promise<number> {
  // Enough lanes for the largest card to be busy; a processor's cores would do with less.
  const workgroups = 1024;
  const result = storage(on.device, workgroups * lanes * vectorBytes);
  let best = 0;
  for (const CHAINS of [1, 2, 4]) {
    for (const FUSED of [0, 1]) {
      const perIteration = workgroups * lanes * 4 * CHAINS * stepsAnIteration * 2;
      for (let iterations = 4; ; iterations *= 4) {
        const constants = { ITERATIONS: iterations, CHAINS, FUSED };
        const probe = { file: 'multiply_add.wgsl', constants, workgroups };
        const milliseconds = await time(on, probe, [result]);
        best = Math.max(best, (perIteration * iterations) / (milliseconds / 1e3));
        if (milliseconds > enoughMilliseconds) break;
      }
    }
  }
  result.destroy();
  return best;
}

async function copyRate(on: DeviceAccess): Promise<number> {
  // Larger than any cache of a processor, and within what every adapter gives a binding.
  const bytes = 2 ** 27;
  const count = bytes / vectorBytes;
  const [source, target] = [storage(on.device, bytes), storage(on.device, bytes)];
  let milliseconds = await best(tries, () =>
    timeOf(on, (encoder) => {
      encoder.copyBufferToBuffer(source, 0, target, 0, bytes);
    }),
  );
  for (const vectors of [4, 16]) {
    const constants = { COUNT: count, VECTORS: vectors };
    const workgroups = Math.ceil(count / (lanes * vectors));
    const probe = { file: 'copy.wgsl', constants, workgroups };
    milliseconds = Math.min(milliseconds, await time(on, probe, [source, target]));
  }
  source.destroy();
  target.destroy();
  return (2 * bytes) / (milliseconds / 1e3);
}

function storage(device: GPUDevice, size: number): GPUBuffer {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  return device.createBuffer({ size, usage });
}

/** Milliseconds of the kernel, compiled and warm. */
async function time(on: DeviceAccess, probe: Probe, buffers: readonly GPUBuffer[]): Promise<number> {
  const text = await readFile(join(packageRoot, 'bench', 'kernels', probe.file), 'utf8');
  const constants = Object.entries(probe.constants).map(([name, value]) => `const ${name} = ${value}u;\n`);
  const { device } = on;
  const module = device.createShaderModule({ code: constants.join('') + text });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const bindGroup = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  return best(tries, () =>
    timeOf(on, (encoder) => {
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(probe.workgroups);
      pass.end();
    }),
  );
}

/** By the host's clock: the work is long enough for the submission not to matter. */
async function timeOf(
  { device, wait }: DeviceAccess,
  encode: (encoder: GPUCommandEncoder) => void,
): Promise<number> {
  await wait(device.queue.onSubmittedWorkDone());
  const start = performance.now();
  const encoder = device.createCommandEncoder();
  encode(encoder);
  device.queue.submit([encoder.finish()]);
  await wait(device.queue.onSubmittedWorkDone());
  return performance.now() - start;
}

/** The least of a few: a neighbour on the machine does not disturb all of them. */
async function best(times: number, measure: () => Promise<number>): Promise<number> {
  let least = Infinity;
  for (let time = 0; time < times; time++) least = Math.min(least, await measure());
  return least;
}
