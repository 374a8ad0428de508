import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WebGPUBackend } from 'vitrine';
import type { Ceilings } from './ceilings.js';
import { packageRoot } from './paths.js';

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
      for (let ITERATIONS = 4, milliseconds = 0; milliseconds <= enoughMilliseconds; ITERATIONS *= 4) {
        const constants = { ITERATIONS, CHAINS, FUSED };
        milliseconds = await timeOf(on, 'multiply_add.wgsl', constants, workgroups, [result]);
        best = Math.max(best, (perIteration * ITERATIONS) / (milliseconds / 1e3));
      }
    }
  }
  result.destroy();
  return best;
}

async function copyRate(on: DeviceAccess): Promise<number> {
  // Larger than any cache of a processor, and within what every adapter gives a binding.
  const bytes = 2 ** 27;
  const COUNT = bytes / vectorBytes;
  const [source, target] = [storage(on.device, bytes), storage(on.device, bytes)];
  const times = [
    await leastOf(on, (encoder) => {
      encoder.copyBufferToBuffer(source, 0, target, 0, bytes);
    }),
  ];
  for (const VECTORS of [4, 16]) {
    const workgroups = Math.ceil(COUNT / (lanes * VECTORS));
    times.push(await timeOf(on, 'copy.wgsl', { COUNT, VECTORS }, workgroups, [source, target]));
  }
  source.destroy();
  target.destroy();
  return (2 * bytes) / (Math.min(...times) / 1e3);
}

function storage(device: GPUDevice, size: number): GPUBuffer {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  return device.createBuffer({ size, usage });
}

/** Milliseconds of a kernel of bench/kernels with these constants, compiled and warm. */
async function timeOf(
  on: DeviceAccess,
  file: string,
  constants: Readonly<Record<string, number>>,
  workgroups: number,
  buffers: readonly GPUBuffer[],
): Promise<number> {
  const text = await readFile(join(packageRoot, 'bench', 'kernels', file), 'utf8');
  const lines = Object.entries(constants).map(([name, value]) => `const ${name} = ${value}u;\n`);
  const module = on.device.createShaderModule({ code: lines.join('') + text });
  const pipeline = await on.device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const bindGroup = on.device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  return leastOf(on, (encoder) => {
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(workgroups);
    pass.end();
  });
}

/**
 * The least of a few, because a neighbour on the machine does not disturb all of them; by the host's clock, because the
 * work is long enough for the submission not to matter.
 */
async function leastOf(
  { device, wait }: DeviceAccess,
  encode: (encoder: GPUCommandEncoder) => void,
): Promise<number> {
  let least = Infinity;
  for (let time = 0; time < tries; time++) {
    await wait(device.queue.onSubmittedWorkDone());
    const start = performance.now();
    const encoder = device.createCommandEncoder();
    encode(encoder);
    device.queue.submit([encoder.finish()]);
    await wait(device.queue.onSubmittedWorkDone());
    least = Math.min(least, performance.now() - start);
  }
  return least;
}
