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
import type { Storage, Values } from '../../tensor/index.js';
import { numbersOf, SharedConstants } from '../shared-constants.js';
import { Turns } from '../turns.js';
import { WasmConstant, type Filling } from './constants.js';
import { crewOfOne, HostedCrew, type Crew, type ThreadHost } from './crew.js';
import { Heap } from './heap.js';
import { Control, Kernel, Program as Header } from './layout.js';
import { WasmProgram } from './program.js';

/** The files that `npm run build` makes of `wasm/`: for memory that threads share, and for the caller's own thread. */
export type KernelFile = 'threads.wasm' | 'alone.wasm';

export interface WasmOptions {
  /** The kernels: where they are fetched, or the bytes of the file that is asked for. */
  readonly kernels: (file: KernelFile) => Promise<Uint8Array<ArrayBuffer> | ArrayBuffer>;
  /** Threads that work on a run, from 1 to 1024. Without them the caller's own thread computes, and waits for itself. */
  readonly threads?: { readonly host: ThreadHost; readonly count: number };
}

/** The most that a memory with addresses of 32 bits can have, and what is tried where the platform refuses it. */
const mostPages = [65536, 32768, 16384, 8192];

/** Runs plans on the CPU in WebAssembly: float32, 128-bit vectors, several threads where the platform grants them. */
export class WasmBackend implements Backend {
  readonly name = 'wasm';
  readonly adapter: string;
  readonly fusions: ReadonlySet<Fusion> = new Set(['scale', 'gelu', 'residual', 'softmax', 'strides']);
  readonly threads: number;
  private readonly constants = new SharedConstants<WasmConstant>(
    ({ size }) => {
      this.checkAlive();
      return new WasmConstant(this.heap, size);
    },
    (constant) => {
      constant.dispose();
    },
  );
  private readonly programs = new Set<WasmProgram>();
  private readonly turns = new Turns();
  private destroyed = false;

  /**
   * Compiles the kernels and starts threads.
   * @throws UsageError for a number of threads out of range
   * @throws DeviceError if the platform has no 128-bit vectors, or refuses memory or threads
   */
  static async create({ kernels, threads }: WasmOptions): Promise<WasmBackend> {
    const count = threads?.count ?? 1;
    if (!Number.isInteger(count) || count < 1 || count > 1024) {
      throw new UsageError(
        `The number of threads is ${described(count)}; give a whole number from 1 to 1024.`,
      );
    }
    const bytes = await kernels(threads ? 'threads.wasm' : 'alone.wasm');
    return orRefused('be opened', async () => {
      const heap = new Heap(newMemory(threads !== undefined));
      const control = heap.reserve(4 * Control.words);
      const module = await WebAssembly.compile(bytes);
      const crew = threads
        ? await HostedCrew.start(threads.host, count, module, heap.memory, control)
        : await crewOfOne(module, heap.memory);
      return new WasmBackend(heap, crew, threads !== undefined);
    });
  }

  private constructor(
    private readonly heap: Heap,
    private readonly crew: Crew,
    hosted: boolean,
  ) {
    this.threads = crew.threads;
    const threads = hosted ? `${crew.threads} ${crew.threads === 1 ? 'thread' : 'threads'}` : 'this thread';
    this.adapter = `WebAssembly, 128-bit vectors, ${threads}`;
  }

  async load(plan: Plan): Promise<Executable> {
    this.checkAlive();
    const held = constantsOf(plan);
    checkConstants(held);
    const program = await this.constants.acquire(held, (constants) => this.loadProgram(plan, constants));
    return this.executable(plan, program, held);
  }

  memory(): { buffers: number; bytes: number } {
    return this.destroyed ? { buffers: 0, bytes: 0 } : this.heap.usage();
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    for (const program of this.programs) program.dispose();
    this.programs.clear();
    this.constants.clear();
    void this.turns.take(() => {
      this.crew.stop();
    });
  }

  /** Runs of other programs find their turns between the groups of numbers that are packed. */
  private async loadProgram(plan: Plan, constants: readonly WasmConstant[]): Promise<WasmProgram> {
    this.checkAlive(); // nobody has looked if there are no constants
    const program = new WasmProgram(this.heap, plan, constants);
    this.programs.add(program);
    try {
      const lacking = new Map(program.lacking().map((buffer) => [constantIn(plan.buffers[buffer])!, buffer]));
      for await (const group of numbersOf(lacking.keys())) {
        const given = group.map(([storage, values]) => [lacking.get(storage)!, values] as const);
        await this.inTurn(() => orRefused('prepare this plan', () => this.give(program, given)));
      }
      await this.inTurn(() =>
        orRefused('prepare this plan', async () => {
          // What can be made of numbers that are held as they are was not lacking.
          await this.fill(
            [...program.constants].flatMap(([buffer, constant]) =>
              constant.take(program.demands.get(buffer)!, 0),
            ),
          );
          program.complete(this.threads);
        }),
      );
      this.checkAlive();
      return program;
    } catch (error) {
      this.programs.delete(program);
      program.dispose();
      throw error;
    }
  }

  /** Takes of numbers what the steps of a program read of them. */
  private async give(
    program: WasmProgram,
    numbers: readonly (readonly [buffer: number, values: Values])[],
  ): Promise<void> {
    const staged: number[] = [];
    const stage = (values: Values, { size }: WasmConstant): number => {
      if (values.length !== size) {
        throw new DeviceError(
          `The wasm backend cannot prepare this plan: a constant of ${size} numbers was given ${values.length}.`,
        );
      }
      const at = this.heap.take(4 * size);
      staged.push(at);
      this.heap.floats(at, size).set(values);
      return at;
    };
    try {
      await this.fill(
        numbers.flatMap(([buffer, values]) => {
          const constant = program.constants.get(buffer)!;
          return constant.take(program.demands.get(buffer)!, stage(values, constant));
        }),
      );
    } finally {
      for (const address of staged) this.heap.give(address);
    }
  }

  /** Fills packs of constants. */
  private async fill(fillings: readonly Filling[]): Promise<void> {
    await this.runPhases(fillings.map(({ phase }) => phase));
    for (const { filled } of fillings) filled();
  }

  /** Runs phases that need no scratch memory. */
  private async runPhases(phases: readonly (readonly number[])[]): Promise<void> {
    if (phases.length === 0) return;
    const words = [...new Array<number>(Header.phases).fill(0), ...phases.flat(), Kernel.end];
    const at = this.heap.take(4 * words.length);
    try {
      this.heap.words(at, words.length).set(words);
      await this.work([at], 0);
    } finally {
      this.heap.give(at);
    }
  }

  private work(programs: readonly number[], times: number): Promise<void> {
    return this.heap.during(() => this.crew.run(programs, times));
  }

  private executable(plan: Plan, program: WasmProgram, held: readonly Storage[]): Executable {
    const run = (inputs: readonly Values[], times: number): Promise<Values[]> =>
      orRefused('run this program', () => this.run(program, inputs, times));
    const measured = async (inputs: readonly Values[]): Promise<Profile> => {
      const { length } = plan.steps;
      const times = this.heap.take(8 * (length + 1)); // updates belong to no step
      try {
        this.heap.doubles(times, length + 1).fill(0);
        const results = await run(inputs, times);
        return { results, milliseconds: Array.from(this.heap.doubles(times, length)), clock: 'wall clock' };
      } finally {
        this.heap.give(times);
      }
    };
    return {
      run: (inputs) => this.inTurn(() => run(inputs, 0)),
      profile: (inputs) => this.inTurn(() => measured(inputs)),
      dispose: () => {
        if (!this.programs.delete(program)) return;
        program.dispose();
        this.constants.release(held);
      },
    };
  }

  private async run(program: WasmProgram, inputs: readonly Values[], times: number): Promise<Values[]> {
    if (!this.programs.has(program)) throw new DeviceError(wasDisposed);
    await this.fill([...program.constants.values()].flatMap((constant) => constant.refresh()));
    program.write(inputs.map(asFloat32));
    await this.work([program.address], times);
    for (const constant of program.updated()) constant.update();
    return program.read();
  }

  /** Runs take turns, because all of the backend's threads work on each. */
  private inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    return this.turns.take(() => {
      this.checkAlive();
      return work();
    });
  }

  private checkAlive(): void {
    if (this.destroyed) throw new DeviceError('The wasm backend was destroyed; open it again.');
  }
}

/** What work gives; if the platform refuses it, that in a sentence. */
async function orRefused<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DeviceError) throw error;
    const why = error instanceof RangeError ? 'not enough memory' : (error as Error).message;
    throw new DeviceError(`The wasm backend cannot ${what}: ${why}.`, { cause: error });
  }
}

/** @throws RangeError or another error of the platform if it refuses even a small one */
function newMemory(shared: boolean): WebAssembly.Memory {
  for (const maximum of mostPages.slice(0, -1)) {
    try {
      return new WebAssembly.Memory({ initial: 1, maximum, shared });
    } catch {
      // a smaller one
    }
  }
  return new WebAssembly.Memory({ initial: 1, maximum: mostPages.at(-1)!, shared });
}
