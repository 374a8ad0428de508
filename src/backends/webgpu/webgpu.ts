import type { Backend, Executable } from '../../compiler/backend.js';
import type { Fusion, Plan } from '../../compiler/plan.js';
import { DeviceError } from '../../errors.js';
import { nameOf } from './adapter-name.js';
import type { UpdatedConstants } from './memory.js';
import { RecoveringExecutable } from './recovering.js';
import { Session, wasDestroyed, type SessionHost } from './session.js';
import { Counters, type Statistics } from './statistics.js';
import { defaultVariants, fusionsOf, type AdapterTraits, type Variants } from './variants.js';
import type { Wait } from './wait.js';

/** What `WebGPUBackend.create` needs of its surroundings. */
export interface WebGPUHost extends SessionHost {
  /** Gives the adapter; asked again when a device was lost. */
  readonly requestAdapter: () => Promise<GPUAdapter | null>;
  /** Kernels to use on the adapter of that name instead of those that suit its kind. */
  readonly variants?: (adapter: string) => Promise<Variants | undefined>;
  /** Called after `destroy`, when the device is gone, to let go of what is held for the adapter. */
  readonly onDestroy?: () => void;
}

/**
 * Runs plans with the WGSL kernels under shaders/ on any WebGPU implementation: Dawn in Node, the browser's own
 * in a page. When a device is lost, what runs on it fails; the next run opens a new one.
 */
export class WebGPUBackend implements Backend {
  readonly name = 'webgpu';
  readonly fusions: ReadonlySet<Fusion>;
  private reopening: Promise<Session> | undefined;
  private destroyed = false;

  private constructor(
    readonly adapter: string,
    readonly traits: AdapterTraits,
    readonly variants: Variants,
    private readonly host: WebGPUHost,
    private readonly counters: Counters,
    private readonly updated: UpdatedConstants,
    private session: Session,
  ) {
    this.fusions = fusionsOf(variants);
  }

  /** @throws DeviceError if there is no adapter or it gives no device */
  static async create(host: WebGPUHost): Promise<WebGPUBackend> {
    const adapter = await request(host);
    const [name, traits] = [nameOf(adapter.info), traitsOf(adapter)];
    const variants = (await host.variants?.(name)) ?? defaultVariants(traits);
    const counters = new Counters();
    const updated: UpdatedConstants = new WeakMap();
    const session = await Session.open(adapter, host, counters, updated);
    return new WebGPUBackend(name, traits, variants, host, counters, updated, session);
  }

  /** Whether the adapter computes on the CPU. */
  get software(): boolean {
    return this.traits.software;
  }

  /** For what no plan expresses; buffers made on it are not in `memory()`. */
  get device(): GPUDevice {
    return this.session.device;
  }

  /** How promises of `device` are best waited for. */
  get wait(): Wait {
    return this.session.wait;
  }

  load(plan: Plan): Promise<Executable> {
    return RecoveringExecutable.create({
      session: () => this.liveSession(),
      load: (session) => session.load(plan, this.variants),
    });
  }

  memory(): { buffers: number; bytes: number } {
    return this.session.memory.usage();
  }

  /** What was compiled and run, and what that took. */
  statistics(): Statistics {
    return this.counters.now();
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.session.close();
    void this.session.device.lost.then(() => this.host.onDestroy?.());
  }

  /** @throws DeviceError after `destroy`, or if a lost device cannot be replaced */
  private async liveSession(): Promise<Session> {
    if (this.destroyed) throw new DeviceError(wasDestroyed);
    if (!this.session.lost) return this.session;
    // One call opens the new device, those that come meanwhile wait for it; if it fails, the next one tries again.
    this.reopening ??= this.reopen().finally(() => {
      this.reopening = undefined;
    });
    return this.reopening;
  }

  private async reopen(): Promise<Session> {
    const session = await Session.open(await request(this.host), this.host, this.counters, this.updated);
    if (this.destroyed) session.close();
    this.session = session;
    return session;
  }
}

async function request({ requestAdapter }: WebGPUHost): Promise<GPUAdapter> {
  const adapter = await requestAdapter();
  if (!adapter) throw new DeviceError('There is no WebGPU adapter.');
  return adapter;
}

function traitsOf({ info, features: offered }: GPUAdapter): AdapterTraits {
  const { isFallbackAdapter: software, subgroupMinSize, subgroupMaxSize } = info;
  const fixed = offered.has('subgroups') && subgroupMinSize === subgroupMaxSize;
  return { software, subgroup: fixed ? subgroupMinSize : 0 };
}
