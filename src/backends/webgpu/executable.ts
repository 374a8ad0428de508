import { wasDisposed, type Executable, type Profile } from '../../compiler/backend.js';
import { constantIn, constantsOf } from '../../compiler/constant-values.js';
import { asFloat32 } from '../../compiler/float32.js';
import type { Plan, PlanOutput } from '../../compiler/plan.js';
import { DeviceError } from '../../errors.js';
import { sizeOf, type Storage, type Values } from '../../tensor/index.js';
import { Turns } from '../turns.js';
import { kernelFor } from './kernels.js';
import { FLOAT_BYTES, type DeviceMemory } from './memory.js';
import { uploadParameters } from './parameters.js';
import type { PipelineCache } from './pipelines.js';
import type { Counters } from './statistics.js';
import { encodeDispatches, timeDispatches, type Dispatch } from './stopwatch.js';
import type { Variants } from './variants.js';
import type { Wait } from './wait.js';

/** What a plan needs of the device it is loaded on. */
export interface DeviceParts {
  readonly device: GPUDevice;
  readonly memory: DeviceMemory;
  readonly pipelines: PipelineCache;
  readonly counters: Counters;
  readonly wait: Wait;
}

/** A plan on a device: pipelines, bind groups and buffers are made once, commands ahead of their run. */
export class WebGPUExecutable implements Executable {
  private readonly turns = new Turns();
  private disposed = false;
  /** Commands that were not submitted yet. */
  private recorded: GPUCommandBuffer | undefined;
  private readonly updated: readonly Storage[];

  private constructor(
    private readonly on: DeviceParts,
    private readonly plan: Plan,
    private readonly buffers: readonly GPUBuffer[],
    private readonly staging: GPUBuffer,
    private readonly parameters: GPUBuffer,
    private readonly dispatches: readonly Dispatch[],
  ) {
    this.updated = constantsOf({ buffers: plan.updates.map(({ constant }) => plan.buffers[constant]) });
  }

  static async create(on: DeviceParts, variants: Variants, plan: Plan): Promise<WebGPUExecutable> {
    const { device, memory, pipelines, counters } = on;
    memory.checkSizes(plan.buffers.map(({ size }) => size));
    const kernels = plan.steps.map((step) => kernelFor(step, variants));
    // All compilations are started before the first is awaited: the driver works on them in parallel.
    const start = performance.now();
    const compiled = await Promise.all(kernels.map((kernel) => pipelines.get(kernel)));
    counters.pipelineMilliseconds += performance.now() - start;
    counters.pipelines = pipelines.count;
    memory.checkConstants(constantsOf(plan));
    const constants = await memory.acquireConstants(constantsOf(plan));
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
    let next = 0;
    const buffers = plan.buffers.map((buffer) =>
      constantIn(buffer) ? constants[next++] : memory.allocate(buffer.size, usage),
    );
    const parameters = uploadParameters(device, memory, kernels);
    const dispatches = kernels.map((kernel, position) => {
      const pipeline = compiled[position];
      const entries: GPUBindGroupEntry[] = kernel.bindings.flatMap((view, binding) =>
        view ? [{ binding, resource: { buffer: buffers[view.buffer] } }] : [],
      );
      if (kernel.parameters) {
        entries.push({ binding: kernel.parameters.binding, resource: parameters.of(kernel) });
      }
      const bindGroup = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
      return { pipeline, bindGroup, workgroups: kernel.workgroups };
    });
    const total = plan.outputs.reduce((sum, output) => sum + sizeOf(output.shape), 0);
    const staging = memory.allocate(total, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
    return new WebGPUExecutable(on, plan, buffers, staging, parameters.buffer, dispatches);
  }

  run(inputs: readonly Values[]): Promise<Values[]> {
    return this.inTurn(() => this.runNow(inputs));
  }

  profile(inputs: readonly Values[]): Promise<Profile> {
    return this.inTurn(() => this.profileNow(inputs));
  }

  /** Runs share the scratch memory and the staging buffer, so each waits for the one before it. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.turns.take(() => {
      if (this.disposed) throw new DeviceError(wasDisposed);
      return work();
    });
  }

  private async runNow(inputs: readonly Values[]): Promise<Values[]> {
    this.on.counters.runs++;
    this.on.counters.host(() => {
      this.begin(inputs);
      this.on.device.queue.submit([this.recorded ?? this.record()]);
    });
    // A command buffer can be submitted once only. The next one is recorded while the device works.
    this.recorded = this.on.counters.recording(() => this.record());
    return this.readBack();
  }

  /** All commands of a run. */
  private record(): GPUCommandBuffer {
    const encoder = this.on.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    encodeDispatches(pass, this.dispatches);
    pass.end();
    this.encodeCopies(encoder);
    return encoder.finish();
  }

  /** The same with a pass for each dispatch, measured. */
  private async profileNow(inputs: readonly Values[]): Promise<Profile> {
    this.begin(inputs);
    const times = await timeDispatches(this.on.device, this.dispatches, this.on.wait);
    const encoder = this.on.device.createCommandEncoder();
    this.encodeCopies(encoder);
    this.on.device.queue.submit([encoder.finish()]);
    return { results: await this.readBack(), ...times };
  }

  /** What a run does to the device before its commands. */
  private begin(inputs: readonly Values[]): void {
    this.on.memory.markUpdated(this.updated);
    this.plan.inputs.forEach(({ buffer }, position) => {
      this.on.device.queue.writeBuffer(this.buffers[buffer], 0, asFloat32(inputs[position]));
    });
  }

  /** Results into the staging buffer, and new numbers into constants. */
  private encodeCopies(encoder: GPUCommandEncoder): void {
    const { plan, buffers, staging } = this;
    let at = 0;
    for (const { buffer, offset, shape } of plan.outputs) {
      const size = sizeOf(shape);
      if (size > 0) {
        encoder.copyBufferToBuffer(buffers[buffer], offset * FLOAT_BYTES, staging, at, size * FLOAT_BYTES);
      }
      at += size * FLOAT_BYTES;
    }
    for (const { constant, buffer, offset, size } of plan.updates) {
      const bytes = size * FLOAT_BYTES;
      encoder.copyBufferToBuffer(buffers[buffer], offset * FLOAT_BYTES, buffers[constant], 0, bytes);
    }
  }

  private async readBack(): Promise<Values[]> {
    await this.on.wait(this.staging.mapAsync(GPUMapMode.READ));
    return this.on.counters.host(() => {
      const results = split(this.staging.getMappedRange(), this.plan.outputs);
      for (const { byteLength } of results) this.on.counters.bytesRead += byteLength;
      this.staging.unmap();
      return results;
    });
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.recorded = undefined;
    this.plan.buffers.forEach((buffer, position) => {
      if (!constantIn(buffer)) this.on.memory.release(this.buffers[position]);
    });
    this.on.memory.constants.release(constantsOf(this.plan));
    this.on.memory.release(this.staging);
    this.on.memory.release(this.parameters);
  }
}

/** Copies each output out of the mapped range, which is gone after unmapping. */
function split(mapped: ArrayBuffer, outputs: readonly PlanOutput[]): Float32Array[] {
  const all = new Float32Array(mapped);
  let at = 0;
  return outputs.map(({ shape }) => all.slice(at, (at += sizeOf(shape))));
}
