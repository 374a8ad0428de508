import type { Backend, Executable } from '../../compiler/backend.js';
import type { Fusion, Plan } from '../../compiler/plan.js';
import { DeviceError } from '../../errors.js';
import { WebGPUExecutable } from './executable.js';
import { DeviceMemory } from './memory.js';
import { PipelineCache, type ShaderSource } from './pipelines.js';
import { Counters, type Statistics } from './statistics.js';
import { defaultVariants, type AdapterTraits, type Variants } from './variants.js';

/**
 * Runs plans with the WGSL kernels under shaders/ on any WebGPU implementation: Dawn in Node, the browser's own
 * in a page.
 */
export class WebGPUBackend implements Backend {
  readonly name = 'webgpu';
  /** Not `softmax`, whose rows are spread over workgroups. */
  readonly fusions: ReadonlySet<Fusion> = new Set(['scale', 'gelu', 'geluGradient', 'residual']);
  private readonly deviceMemory: DeviceMemory;
  private readonly pipelines: PipelineCache;
  private readonly counters = new Counters();
  /** What went wrong on the device since the last call, outside anything that could report it. */
  private failure: string | undefined;
  /** Why the device is gone for good. */
  private lost: string | undefined;

  private constructor(
    readonly adapter: string,
    /** Whether the adapter computes on the CPU. */
    readonly software: boolean,
    /** For what no plan expresses; buffers made on it are not in `memory()`. */
    readonly device: GPUDevice,
    shaders: ShaderSource,
    private readonly variants: Variants,
    private readonly onDestroy: () => void,
  ) {
    this.deviceMemory = new DeviceMemory(device);
    this.pipelines = new PipelineCache(device, shaders);
    device.addEventListener('uncapturederror', (event) => {
      this.failure ??= event.error.message;
    });
    void device.lost.then(({ reason, message }) => {
      this.lost = reason === 'destroyed' ? 'it was destroyed.' : `the device was lost: ${message}`;
    });
  }

  /**
   * @param adapter what `requestAdapter` gave
   * @param shaders reads a file under shaders/
   * @param onDestroy called by `destroy`, to let go of what the caller holds for the adapter
   * @param variants kernels to use instead of those that suit adapters of this kind
   * @throws DeviceError if the adapter gives no device
   */
  static async create(
    adapter: GPUAdapter,
    shaders: ShaderSource,
    onDestroy: () => void = () => undefined,
    variants: Variants = defaultVariants(traitsOf(adapter)),
  ): Promise<WebGPUBackend> {
    // The defaults allow 128 MiB a binding; large batches need what the adapter really has.
    const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
    const name = describe(adapter.info);
    try {
      const device = await adapter.requestDevice({
        requiredFeatures: features.filter((feature) => adapter.features.has(feature)),
        requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
      });
      const { isFallbackAdapter } = adapter.info;
      return new WebGPUBackend(name, isFallbackAdapter, device, shaders, variants, onDestroy);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new DeviceError(`The adapter "${name}" gives no device: ${reason}`);
    }
  }

  async load(plan: Plan): Promise<Executable> {
    const executable = await this.watch(() =>
      WebGPUExecutable.create(
        this.device,
        this.deviceMemory,
        this.pipelines,
        this.variants,
        plan,
        this.counters,
      ),
    );
    return {
      run: (inputs) => this.watch(() => executable.run(inputs)),
      profile: (inputs) => this.watch(() => executable.profile(inputs)),
      dispose: () => {
        executable.dispose();
      },
    };
  }

  memory(): { buffers: number; bytes: number } {
    return this.deviceMemory.usage();
  }

  /** What was compiled and run, and what that took. */
  statistics(): Statistics {
    return this.counters.now();
  }

  destroy(): void {
    this.device.destroy();
    this.onDestroy();
  }

  /** WebGPU reports validation and memory errors by events, not by exceptions: turns them into the latter. */
  private async watch<T>(work: () => Promise<T>): Promise<T> {
    this.failure = undefined;
    let result: { value: T } | { error: unknown };
    try {
      result = { value: await work() };
    } catch (error) {
      result = { error };
    }
    const failure = this.lost ?? this.failure;
    if (failure !== undefined) throw new DeviceError(`The adapter "${this.adapter}" failed: ${failure}`);
    if ('error' in result) throw result.error;
    return result.value;
  }
}

/** What some kernels need; those that run elsewhere do without. */
const features: readonly GPUFeatureName[] = ['subgroups', 'timestamp-query'];

function traitsOf({ info, features: offered }: GPUAdapter): AdapterTraits {
  const { isFallbackAdapter: software, subgroupMinSize, subgroupMaxSize } = info;
  const fixed = offered.has('subgroups') && subgroupMinSize === subgroupMaxSize;
  return { software, subgroup: fixed ? subgroupMinSize : 0 };
}

/** A name that a person recognises; a driver that computes on the CPU is never passed off as a GPU. */
function describe({ vendor, architecture, device, description, isFallbackAdapter }: GPUAdapterInfo): string {
  const name =
    [device || architecture || vendor, description].filter(Boolean).join(', ') || 'unnamed adapter';
  return isFallbackAdapter ? `${name} (software, on the CPU)` : name;
}
