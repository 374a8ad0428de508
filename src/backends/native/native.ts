import {
  wasDisposed,
  type Backend,
  type Executable,
  type Fusion,
  type Profile,
} from '../../compiler/backend.js';
import { checkConstants, constantIn, constantsOf } from '../../compiler/constant-values.js';
import { asFloat32 } from '../../compiler/float32.js';
import type { Plan } from '../../compiler/plan.js';
import { DeviceError, UsageError } from '../../errors.js';
import { described } from '../../given.js';
import { sizeOf, type Storage, type Values } from '../../tensor/index.js';
import { numbersOf, SharedConstants } from '../shared-constants.js';
import { Turns } from '../turns.js';
import type { NativeAddon, NativeConstant, NativeDevice, NativePlan, NativeProgram } from './addon.js';

export interface NativeOptions {
  /** Threads that work on a run, from 1 to 1024. */
  readonly threads: number;
  /** Kernels to use instead of the best for this processor: avx512, avx2, neon, portable. */
  readonly kernels?: string;
}

/** Runs plans on the CPU with the C++ addon: float32, several threads, the best instructions the processor has. */
export class NativeBackend implements Backend {
  readonly name = 'native';
  readonly adapter: string;
  /**
   * Not `geluGradient`: its second operand, read tile by tile, comes so slowly from memory that two steps take 0.96 ms
   * where the fused one takes 1.27 ms (197 x 192 x 768, AVX2, one thread).
   */
  readonly fusions: ReadonlySet<Fusion> = new Set(['scale', 'gelu', 'residual', 'softmax', 'strides']);
  readonly threads: number;
  private readonly device: NativeDevice;
  private readonly constants = new SharedConstants<NativeConstant>(
    ({ size }) => {
      this.checkAlive();
      return new this.addon.Constant(this.device, size);
    },
    (constant) => {
      constant.dispose();
    },
  );
  private readonly programs = new Set<NativeProgram>();
  private readonly turns = new Turns();
  private destroyed = false;

  /**
   * @throws UsageError for a number of threads out of range
   * @throws DeviceError if the processor cannot run the kernels that are asked for
   */
  constructor(
    private readonly addon: NativeAddon,
    { threads, kernels }: NativeOptions,
  ) {
    if (!Number.isInteger(threads) || threads < 1 || threads > 1024) {
      throw new UsageError(
        `The number of threads is ${described(threads)}; give a whole number from 1 to 1024.`,
      );
    }
    this.device = opened(() => new addon.Device(threads, kernels));
    this.threads = threads;
    this.adapter = `C++, ${this.device.kernels()}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  }

  async load(plan: Plan): Promise<Executable> {
    this.checkAlive();
    const held = constantsOf(plan);
    checkConstants(held);
    const program = await this.constants.acquire(held, (constants) => this.loadProgram(plan, constants));
    return this.executable(plan, program, held);
  }

  memory(): { buffers: number; bytes: number } {
    return this.destroyed ? { buffers: 0, bytes: 0 } : this.device.memory();
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    for (const program of this.programs) program.dispose();
    this.programs.clear();
    this.constants.clear();
    this.device.destroy();
  }

  /**
   * What one core can do at best: floating-point operations a second in a loop of multiply-adds on registers.
   * @param milliseconds how long to measure; the event loop waits
   */
  multiplyAddRate(milliseconds: number): number {
    this.checkAlive();
    return this.device.multiplyAddRate(milliseconds);
  }

  /** Runs of other programs find their turns between the groups of numbers that are packed. */
  private async loadProgram(plan: Plan, constants: readonly NativeConstant[]): Promise<NativeProgram> {
    this.checkAlive(); // nobody has looked if there are no constants
    const program = new this.addon.Program(this.device, nativePlan(plan, constants));
    const prepared = (work: (done: Done<void>) => void): Promise<void> =>
      this.inTurn(() => calledBack('prepare this plan', work));
    this.programs.add(program);
    try {
      const lacking = new Map(program.lacking().map((buffer) => [constantIn(plan.buffers[buffer])!, buffer]));
      for await (const group of numbersOf(lacking.keys())) {
        const numbers = group.map(([storage, values]) => ({
          buffer: lacking.get(storage)!,
          values: asFloat32(values),
          // What was read for this alone: the collector would let go of it much later.
          transfer: storage.values === undefined,
        }));
        await prepared((done) => {
          program.give(numbers, done);
        });
      }
      await prepared((done) => {
        program.complete(done);
      });
      this.checkAlive();
      return program;
    } catch (error) {
      this.programs.delete(program);
      program.dispose();
      throw error;
    }
  }

  private executable(plan: Plan, program: NativeProgram, held: readonly Storage[]): Executable {
    const measured = (inputs: readonly Values[]): Promise<Profile> =>
      this.inTurn(async () => {
        const times = new Float64Array(plan.steps.length);
        const results = await this.run(program, inputs, times);
        return { results, milliseconds: Array.from(times), clock: 'wall clock' };
      });
    return {
      run: (inputs) => this.inTurn(() => this.run(program, inputs)),
      profile: measured,
      dispose: () => {
        if (!this.programs.delete(program)) return;
        program.dispose();
        this.constants.release(held);
      },
    };
  }

  /** Runs take turns, because all of the backend's threads work on each. */
  private inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    return this.turns.take(() => {
      this.checkAlive();
      return work();
    });
  }

  private run(program: NativeProgram, inputs: readonly Values[], times?: Float64Array): Promise<Values[]> {
    if (!this.programs.has(program)) {
      throw new DeviceError(wasDisposed);
    }
    return calledBack('run this program', (done) => {
      program.run(inputs.map(asFloat32), times, done);
    });
  }

  private checkAlive(): void {
    if (this.destroyed) throw new DeviceError('The native backend was destroyed; open it again.');
  }
}

/** @param constants of the plan's buffers that have one, in their order */
function nativePlan(plan: Plan, constants: readonly NativeConstant[]): NativePlan {
  let next = 0;
  return {
    sizes: plan.buffers.map((buffer) => (constantIn(buffer) ? 0 : buffer.size)),
    constants: plan.buffers.map((buffer) => (constantIn(buffer) ? constants[next++] : undefined)),
    steps: plan.steps,
    inputs: plan.inputs.map(({ buffer, shape }) => ({ buffer, offset: 0, size: sizeOf(shape) })),
    outputs: plan.outputs.map(({ buffer, offset, shape }) => ({ buffer, offset, size: sizeOf(shape) })),
    updates: plan.updates,
  };
}

/** How the addon tells of an end. */
type Done<Result> = (error: Error | undefined, result: Result) => void;

/** Of a call into the addon that ends later, what it gives. */
function calledBack<Result>(what: string, call: (done: Done<Result>) => void): Promise<Result> {
  const failed = (error: Error): DeviceError =>
    new DeviceError(`The native backend cannot ${what}: ${error.message}.`, { cause: error });
  return new Promise((resolve, reject) => {
    try {
      call((error, result) => {
        if (error) reject(failed(error));
        else resolve(result);
      });
    } catch (error) {
      reject(failed(error as Error));
    }
  });
}

function opened(open: () => NativeDevice): NativeDevice {
  try {
    return open();
  } catch (error) {
    throw new DeviceError(`The native backend cannot be opened: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}
