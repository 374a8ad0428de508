import type { Plan } from '../../compiler/plan.js';
import { DeviceError } from '../../errors.js';
import { nameOf } from './adapter-name.js';
import { driversWords } from './drivers-words.js';
import { WebGPUExecutable } from './executable.js';
import { DeviceMemory, type UpdatedConstants } from './memory.js';
import { PipelineCache, type ShaderSource } from './pipelines.js';
import type { Counters } from './statistics.js';
import type { Variants } from './variants.js';
import { justAwait, type Wait } from './wait.js';

/** What some kernels need and `profile` measures with; adapters that offer less do without. */
const features: readonly GPUFeatureName[] = ['subgroups', 'timestamp-query'];

export const wasDestroyed = 'The webgpu backend was destroyed; open it again.';

/** What a session needs of its surroundings. */
export interface SessionHost {
  /** Reads a file under shaders/. */
  readonly shaders: ShaderSource;
  /** How promises of the device are waited for, where there is a better way than to await them. */
  readonly wait?: Wait;
}

/** A device from its opening to its loss, with all that lives on it. */
export class Session {
  readonly memory: DeviceMemory;
  readonly pipelines: PipelineCache;
  readonly wait: Wait;
  /** What went wrong on the device since the last call, outside anything that could report it. */
  private failure: string | undefined;
  /** Why the device is gone for good. */
  private loss: string | undefined;
  private closed = false;

  private constructor(
    private readonly adapter: string,
    readonly device: GPUDevice,
    { shaders, wait = justAwait }: SessionHost,
    readonly counters: Counters,
    updated: UpdatedConstants,
  ) {
    this.memory = new DeviceMemory(device, updated);
    this.wait = wait;
    this.pipelines = new PipelineCache(device, shaders, wait);
    device.addEventListener('uncapturederror', (event) => {
      this.failure ??= driversWords(event.error);
    });
    void device.lost.then((loss) => {
      this.loss = driversWords(loss);
    });
  }

  /**
   * @param updated shared by the sessions of a backend
   * @throws DeviceError if the adapter gives no device
   */
  static async open(
    adapter: GPUAdapter,
    host: SessionHost,
    counters: Counters,
    updated: UpdatedConstants,
  ): Promise<Session> {
    // The defaults allow 128 MiB a binding; large batches need what the adapter really has.
    const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
    const name = nameOf(adapter.info);
    try {
      const device = await adapter.requestDevice({
        requiredFeatures: features.filter((feature) => adapter.features.has(feature)),
        requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
      });
      return new Session(name, device, host, counters, updated);
    } catch (error) {
      throw new DeviceError(`The adapter "${name}" gives no device: ${driversWords(error)}.`, {
        cause: error,
      });
    }
  }

  get lost(): boolean {
    return this.loss !== undefined;
  }

  load(plan: Plan, variants: Variants): Promise<WebGPUExecutable> {
    return this.watch(() => WebGPUExecutable.create(this, variants, plan));
  }

  /** WebGPU reports validation and memory errors and a loss by events, not by exceptions: turns them into the latter. */
  async watch<T>(work: () => Promise<T>): Promise<T> {
    this.failure = undefined;
    let result: { value: T } | { error: unknown };
    try {
      result = { value: await work() };
    } catch (error) {
      result = { error };
      // The loss that an operation fails by may be told after the failure.
      await new Promise((resolve) => setTimeout(resolve));
    }
    this.throwWhatHappened();
    if ('error' in result) throw result.error;
    return result.value;
  }

  /** Gives the device back. */
  close(): void {
    this.closed = true;
    this.device.destroy();
  }

  private throwWhatHappened(): void {
    if (this.closed) throw new DeviceError(wasDestroyed);
    if (this.loss !== undefined) {
      throw new DeviceError(
        `The adapter "${this.adapter}" lost its device, and the results with it (${this.loss}); run again, and a ` +
          'new device is opened.',
      );
    }
    if (this.failure !== undefined) {
      throw new DeviceError(`The adapter "${this.adapter}" failed: ${this.failure}.`);
    }
  }
}
