import type { Profile } from '../../compiler/backend.js';
import type { Wait } from './wait.js';

/** A pipeline with what it works on. */
export interface Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly workgroups: readonly [number, number, number];
}

/** What WebGPU allows in one query set: a beginning and an end for half as many dispatches. */
const MAX_QUERIES = 4096;
const BYTES_A_QUERY = 8;

/** Encodes dispatches one after the other. What is set already is not set again: each call into the driver takes time. */
export function encodeDispatches(pass: GPUComputePassEncoder, dispatches: readonly Dispatch[]): void {
  let pipeline: GPUComputePipeline | undefined;
  let bindGroup: GPUBindGroup | undefined;
  for (const dispatch of dispatches) {
    if (dispatch.pipeline !== pipeline) pass.setPipeline((pipeline = dispatch.pipeline));
    if (dispatch.bindGroup !== bindGroup) pass.setBindGroup(0, (bindGroup = dispatch.bindGroup));
    const [x, y, z] = dispatch.workgroups;
    pass.dispatchWorkgroups(x, y, z);
  }
}

/** Runs dispatches one after the other, each in a pass of its own, and measures each by the best clock there is. */
export async function timeDispatches(
  device: GPUDevice,
  dispatches: readonly Dispatch[],
  wait: Wait,
): Promise<Required<Pick<Profile, 'milliseconds' | 'clock'>>> {
  if (!device.features.has('timestamp-query')) {
    return { milliseconds: await byWallClock(device, dispatches, wait), clock: 'wall clock' };
  }
  const milliseconds: number[] = [];
  for (let first = 0; first < dispatches.length; first += MAX_QUERIES / 2) {
    const some = dispatches.slice(first, first + MAX_QUERIES / 2);
    milliseconds.push(...(await byTimestamps(device, some, wait)));
  }
  return { milliseconds, clock: 'timestamps' };
}

async function byTimestamps(
  device: GPUDevice,
  dispatches: readonly Dispatch[],
  wait: Wait,
): Promise<number[]> {
  const count = 2 * dispatches.length;
  const querySet = device.createQuerySet({ type: 'timestamp', count });
  const size = count * BYTES_A_QUERY;
  const resolved = device.createBuffer({
    size,
    usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
  });
  const readable = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  try {
    const encoder = device.createCommandEncoder();
    dispatches.forEach((dispatch, position) => {
      const beginningOfPassWriteIndex = 2 * position;
      const endOfPassWriteIndex = 2 * position + 1;
      const pass = encoder.beginComputePass({
        timestampWrites: { querySet, beginningOfPassWriteIndex, endOfPassWriteIndex },
      });
      encodeDispatches(pass, [dispatch]);
      pass.end();
    });
    encoder.resolveQuerySet(querySet, 0, count, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, readable, 0, size);
    device.queue.submit([encoder.finish()]);
    await wait(readable.mapAsync(GPUMapMode.READ));
    const nanoseconds = new BigUint64Array(readable.getMappedRange());
    // A clock that the driver sets anew may run backwards once; a step takes no less than nothing.
    return dispatches.map((_, position) =>
      Math.max(0, Number(nanoseconds[2 * position + 1] - nanoseconds[2 * position]) / 1e6),
    );
  } finally {
    querySet.destroy();
    resolved.destroy();
    readable.destroy();
  }
}

/** One submission a dispatch: what submitting and waiting take is in the time too. */
async function byWallClock(
  device: GPUDevice,
  dispatches: readonly Dispatch[],
  wait: Wait,
): Promise<number[]> {
  const milliseconds: number[] = [];
  // What was submitted before is not to be measured.
  await wait(device.queue.onSubmittedWorkDone());
  for (const dispatch of dispatches) {
    const start = performance.now();
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    encodeDispatches(pass, [dispatch]);
    pass.end();
    device.queue.submit([encoder.finish()]);
    await wait(device.queue.onSubmittedWorkDone());
    milliseconds.push(performance.now() - start);
  }
  return milliseconds;
}
