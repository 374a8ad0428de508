import {
  wasDisposed,
  type Backend,
  type Executable,
  type Fusion,
  type Profile,
} from '../../compiler/backend.js';
import { checkConstants, constantIn, constantsOf } from '../../compiler/constant-values.js';
import { asFloat32 } from '../../compiler/float32.js';
import type { Plan, Planner } from '../../compiler/plan.js';
import { planInRounds } from '../../compiler/rounds.js';
import { DeviceError, UsageError } from '../../errors.js';
import { described } from '../../given.js';
import { sizeOf, type Storage, type Values } from '../../tensor/index.js';
import { evenShares, Lanes } from '../lanes.js';
import { numbersOf, SharedConstants } from '../shared-constants.js';
import type { NativeAddon, NativeConstant, NativeDevice, NativePlan, NativeProgram } from './addon.js';

export interface NativeOptions {
  /** Threads, from 1 to 1024. */
  readonly threads: number;
  /** Runs at a time, which share out the threads and read the same weights; 1 if left out. */
  readonly lanes?: number;
  /** Kernels to use instead of the best for this processor: avx512, avx2, neon, portable. */
  readonly kernels?: string;
}

/** Runs plans on the CPU with the C++ addon: float32, several threads, the best instructions the processor has. */
export class NativeBackend implements Backend {
  readonly name = 'native';
  readonly adapter: string;
  readonly fusions: ReadonlySet<Fusion>;
  readonly sharesMemory = true;
  planner: Planner | undefined = planInRounds;
  readonly threads: number;
  /** How many runs are worked on at a time. */
  readonly lanes: number;
  /** Each with threads that work on one run at a time. */
  private readonly devices: readonly NativeDevice[];
  private readonly turns: Lanes;
  private readonly constants = new SharedConstants<NativeConstant>(
    ({ size }) => {
      this.checkAlive();
      return new this.addon.Constant(this.devices[0], size);
    },
    (constant) => {
      constant.dispose();
    },
  );
  private readonly programs = new Set<LaneProgram>();
  private destroyed = false;

  /**
   * @throws UsageError for a number of threads out of range, or of lanes
   * @throws DeviceError if the processor cannot run the kernels that are asked for
   */
  constructor(
    private readonly addon: NativeAddon,
    { threads, lanes = 1, kernels }: NativeOptions,
  ) {
    if (!Number.isInteger(threads) || threads < 1 || threads > 1024) {
      throw new UsageError(
        `The number of threads is ${described(threads)}; give a whole number from 1 to 1024.`,
      );
    }
    if (!Number.isInteger(lanes) || lanes < 1 || lanes > threads) {
      throw new UsageError(
        `The number of lanes is ${described(lanes)}; give a whole number from 1 to ${threads}, a thread for each.`,
      );
    }
    this.devices = evenShares(threads, lanes).map((own) => opened(() => new addon.Device(own, kernels)));
    this.turns = new Lanes(lanes);
    this.threads = threads;
    this.lanes = lanes;
    const isFew = Math.ceil(threads / lanes) <= fewThreads;
    this.fusions = new Set([...fusions, ...(isFew ? (['rounds'] as const) : [])]);
    this.adapter = `C++, ${this.devices[0].kernels()}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  }

  /** With one thread there is no other core that this may take, and programs that are loaded have the weights already. */
  foresee(bytes: number): void {
    if (this.destroyed || this.programs.size > 0) return;
    const isWorthwhile = bytes >= worthForeseeing && this.threads > 1;
    this.devices[0].foresee(isWorthwhile ? bytes : 0);
  }

  async load(plan: Plan): Promise<Executable> {
    this.checkAlive();
    if (plan.updates.length > 0 && this.lanes > 1) {
      throw new UsageError(
        `A program that updates constants cannot run beside others that read them; open the backend with 1 lane, not ${this.lanes}.`,
      );
    }
    const held = constantsOf(plan);
    checkConstants(held);
    const program = await this.constants.acquire(held, (constants) => this.loadProgram(plan, constants));
    return this.executable(plan, program, held);
  }

  memory(): { buffers: number; bytes: number } {
    const held = this.destroyed ? [] : this.devices.map((device) => device.memory());
    const sum = (part: 'buffers' | 'bytes'): number => held.reduce((all, one) => all + one[part], 0);
    return { buffers: sum('buffers'), bytes: sum('bytes') };
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    for (const program of this.programs) dispose(program);
    this.programs.clear();
    this.constants.clear();
    for (const device of this.devices) device.destroy();
  }

  /**
   * What one core can do at best: floating-point operations a second in a loop of multiply-adds on registers.
   * @param milliseconds how long to measure; the event loop waits
   */
  multiplyAddRate(milliseconds: number): number {
    this.checkAlive();
    return this.devices[0].multiplyAddRate(milliseconds);
  }

  /** Runs of other programs find their turns between the groups of numbers that are packed. */
  private async loadProgram(plan: Plan, constants: readonly NativeConstant[]): Promise<LaneProgram> {
    this.checkAlive(); // nobody has looked if there are no constants
    const native = nativePlan(plan, constants);
    const program = this.devices.map((device) => new this.addon.Program(device, native));
    const prepared = (lane: number, work: (done: Done<void>) => void): Promise<void> =>
      this.turns.on(lane, () => {
        this.checkAlive();
        return calledBack('prepare this plan', work);
      });
    this.programs.add(program);
    try {
      // What the first lane takes of the numbers is there for the others.
      const [first] = program;
      const lacking = new Map(first.lacking().map((buffer) => [constantIn(plan.buffers[buffer])!, buffer]));
      for await (const group of numbersOf(lacking.keys())) {
        const numbers = group.map(([storage, values]) => ({
          buffer: lacking.get(storage)!,
          values: asFloat32(values),
          // What was read for this alone: the collector would let go of it much later.
          transfer: storage.values === undefined,
        }));
        await prepared(0, (done) => {
          first.give(numbers, done);
        });
      }
      for (const [lane, own] of program.entries()) {
        await prepared(lane, (done) => {
          own.complete(done);
        });
      }
      this.checkAlive();
      return program;
    } catch (error) {
      this.programs.delete(program);
      dispose(program);
      if (!this.destroyed) this.devices[0].foresee(0);
      throw error;
    }
  }

  private executable(plan: Plan, program: LaneProgram, held: readonly Storage[]): Executable {
    const measured = async (inputs: readonly Values[]): Promise<Profile> => {
      const times = new Float64Array(plan.steps.length);
      const results = await this.run(program, inputs, times);
      return { results, milliseconds: Array.from(times), clock: 'wall clock' };
    };
    return {
      run: (inputs) => this.run(program, inputs),
      profile: measured,
      dispose: () => {
        if (!this.programs.delete(program)) return;
        dispose(program);
        this.constants.release(held);
      },
    };
  }

  /** Runs of a lane take turns, because all of its threads work on each. */
  private run(program: LaneProgram, inputs: readonly Values[], times?: Float64Array): Promise<Values[]> {
    return this.turns.take((lane) => {
      this.checkAlive();
      if (!this.programs.has(program)) {
        throw new DeviceError(wasDisposed);
      }
      return calledBack('run this program', (done) => {
        program[lane].run(inputs.map(asFloat32), times, done);
      });
    });
  }

  private checkAlive(): void {
    if (this.destroyed) throw new DeviceError('The native backend was destroyed; open it again.');
  }
}

/**
 * Not `geluGradient`: its second operand, read tile by tile, comes so slowly from memory that two steps take 0.96 ms
 * where the fused one takes 1.27 ms (197 x 192 x 768, AVX2, one thread).
 */
const fusions: readonly Fusion[] = ['scale', 'gelu', 'residual', 'softmax', 'strides', 'made'];

/** So many threads of a lane each take images of a batch; with more of them, there are seldom as many images as threads. */
const fewThreads = 4;

/** Bytes: less is there at once. */
const worthForeseeing = 2 ** 23;

/** A plan as each lane runs it, with memory of its own for all but constants. */
type LaneProgram = readonly NativeProgram[];

function dispose(program: LaneProgram): void {
  for (const own of program) own.dispose();
}

/** @param constants of the plan's buffers that have one, in their order */
function nativePlan(plan: Plan, constants: readonly NativeConstant[]): NativePlan {
  const { rounds = 1 } = plan;
  let next = 0;
  return {
    rounds,
    sizes: plan.buffers.map((buffer) => (constantIn(buffer) ? 0 : buffer.size)),
    constants: plan.buffers.map((buffer) => (constantIn(buffer) ? constants[next++] : undefined)),
    steps: plan.steps,
    inputs: plan.inputs.map(({ buffer, shape }) => ({ buffer, offset: 0, size: sizeOf(shape) / rounds })),
    outputs: plan.outputs.map(({ buffer, offset, shape }) => ({
      buffer,
      offset,
      size: sizeOf(shape) / rounds,
    })),
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
