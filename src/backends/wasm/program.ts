import { constantIn } from '../../compiler/constant-values.js';
import type { Plan } from '../../compiler/plan.js';
import { sizeOf, type Values } from '../../tensor/index.js';
import type { Demand, WasmConstant } from './constants.js';
import { encodePlan } from './encode.js';
import type { Heap } from './heap.js';
import { Program as Header } from './layout.js';
import { isOneRight, rightLayout, type Product } from './panels.js';

/** A plan on the device: its memory, and the program that threads walk through. */
export class WasmProgram {
  /** Of the plan's buffers, those of constants. */
  readonly constants: ReadonlyMap<number, WasmConstant>;
  readonly demands: ReadonlyMap<number, Demand>;
  private readonly memory: number[] = [];
  private buffers: readonly number[] = [];
  private at = 0;

  /** @param constants of the plan's buffers that have one, in their order */
  constructor(
    private readonly heap: Heap,
    private readonly plan: Plan,
    constants: readonly WasmConstant[],
  ) {
    let next = 0;
    const held = plan.buffers.flatMap((buffer, i) => (constantIn(buffer) ? [i] : []));
    this.constants = new Map(held.map((buffer) => [buffer, constants[next++]]));
    this.demands = this.demanded();
  }

  /** The buffers of the constants that lack something that the steps read: their numbers must be given. */
  lacking(): number[] {
    return [...this.constants].filter(([i, held]) => held.lacks(this.demands.get(i)!)).map(([i]) => i);
  }

  /** Takes memory and writes the program, when no constant lacks anything any more. */
  complete(threads: number): void {
    const { heap, plan, constants } = this;
    this.buffers = plan.buffers.map(({ size }, i) => constants.get(i)?.raw ?? this.take(4 * size));
    const pack = (step: Product): number | undefined =>
      constants.get(step.inputs[1].buffer)?.pack(rightLayout(step));
    const places = { buffer: (i: number) => this.buffers[i], pack, threads };
    // Once to see how much memory the steps share, and once with its address.
    const { sharedBytes, scratchBytes, words } = encodePlan(plan, { ...places, shared: 0 });
    const perThread = 64 * Math.ceil(scratchBytes / 64);
    const scratch = this.take(perThread * threads);
    const shared = this.take(sharedBytes);
    this.at = this.take(4 * (Header.phases + words.length));
    const header: number[] = [];
    header[Header.scratch] = scratch;
    header[Header.scratchBytes] = perThread;
    heap
      .words(this.at, Header.phases + words.length)
      .set([...header, ...encodePlan(plan, { ...places, shared }).words]);
  }

  /** The address of the program. */
  get address(): number {
    return this.at;
  }

  write(inputs: readonly Values[]): void {
    this.plan.inputs.forEach(({ buffer, shape }, i) => {
      this.heap.floats(this.buffers[buffer], sizeOf(shape)).set(inputs[i]);
    });
  }

  read(): Float32Array[] {
    return this.plan.outputs.map(({ buffer, offset, shape }) =>
      this.heap.floats(this.buffers[buffer] + 4 * offset, sizeOf(shape)).slice(),
    );
  }

  /** The constants that have new numbers after a run. */
  updated(): WasmConstant[] {
    return this.plan.updates.map(({ constant }) => this.constants.get(constant)!);
  }

  dispose(): void {
    for (const address of this.memory.splice(0)) this.heap.give(address);
  }

  private take(bytes: number): number {
    const address = this.heap.take(bytes);
    this.memory.push(address);
    return address;
  }

  private demanded(): Map<number, Demand> {
    const demands = new Map(
      [...this.constants.keys()].map((i): [number, Demand] => [i, { raw: false, layouts: [] }]),
    );
    for (const step of this.plan.steps) {
      step.inputs.forEach(({ buffer }, i) => {
        const demand = demands.get(buffer);
        if (step.kind === 'matmul' && i === 1 && isOneRight(step)) demand?.layouts.push(rightLayout(step));
        else if (demand) demand.raw = true;
      });
    }
    for (const { constant } of this.plan.updates) demands.get(constant)!.raw = true;
    return demands;
  }
}
