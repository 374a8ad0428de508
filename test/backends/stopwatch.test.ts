import { expect, test } from '@jest/globals';
import { timeDispatches, type Dispatch } from '../../src/backends/webgpu/stopwatch.js';
import { useBackends } from '../support/backends.js';

const backends = useBackends();

/** Two query sets' worth of it takes more than the 4096 timestamps that one may hold. */
test.each([1, 2100])('%i dispatches have a time each, by either clock', async (count) => {
  const { device } = backends.webgpu;
  const dispatches = new Array<Dispatch>(count).fill(doNothing(device));
  for (const seen of [device, withoutTimestamps(device)]) {
    let waits = 0;
    const { milliseconds, clock } = await timeDispatches(seen, dispatches, (promise) => {
      waits++;
      return promise;
    });
    expect(milliseconds).toHaveLength(count);
    expect(Math.min(...milliseconds)).toBeGreaterThanOrEqual(0);
    if (seen !== device) expect(clock).toBe('wall clock');
    // Each query set once; or each dispatch, and what came before.
    expect(waits).toBe(clock === 'timestamps' ? Math.ceil(count / 2048) : count + 1);
  }
});

function doNothing(device: GPUDevice): Dispatch {
  const code = '@compute @workgroup_size(1) fn main() {}';
  const module = device.createShaderModule({ code });
  const layout = device.createBindGroupLayout({ entries: [] });
  const pipeline = device.createComputePipeline({
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module },
  });
  return { pipeline, bindGroup: device.createBindGroup({ layout, entries: [] }), workgroups: [1, 1, 1] };
}

/** The same device, as one that offers no timestamps. */
function withoutTimestamps(device: GPUDevice): GPUDevice {
  const plain: Partial<GPUDevice> = {
    features: new Set(),
    queue: device.queue,
    createCommandEncoder: (descriptor) => device.createCommandEncoder(descriptor),
  };
  return plain as GPUDevice;
}
