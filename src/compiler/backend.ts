import { aFunction, aSet, expectGiven, type Expectation } from '../given.js';
import type { Values } from '../tensor/index.js';
import type { Fusion, Plan, Planner } from './plan.js';

export type { Fusion } from './plan.js';

/** Something that can run plans. A new backend implements this and passes the same test suite. */
export interface Backend {
  /** `reference`, `webgpu`, ... */
  readonly name: string;
  /** What the numbers are computed on, as a person would name it. */
  readonly adapter: string;
  /** What its products can do in their epilogue. Nothing else is fused in plans for this backend. */
  readonly fusions: ReadonlySet<Fusion>;
  /** Whether its programs write to the same memory, one after the other; each to its own, if that is not said. */
  readonly sharesMemory?: boolean;
  /** What makes plans for it, if that is not `buildPlan`: `planInRounds`, say, or `keptPlans`. */
  planner?: Planner | undefined;
  /**
   * Says that a plan is on its way whose constants have so many bytes, as those of a model have, so that the memory for them may be
   * got ready while it is made; 0 that it is not. It is held until a plan is loaded. A backend that gains nothing by it has no such
   * method.
   */
  foresee?(bytes: number): void;
  /** Prepares a plan to be run many times: compiles kernels, uploads constants, takes memory. */
  load(plan: Plan): Promise<Executable>;
  /** Memory held on the device now, by all plans together. */
  memory(): { buffers: number; bytes: number };
  /** Gives everything back. Plans loaded on this backend cannot run any more. */
  destroy(): void;
}

const aBackend: Expectation<Backend> = {
  words: 'a backend, such as that in what openBackend gives',
  fits: (value): value is Backend => {
    const { load, fusions } = Object(value) as Readonly<Record<string, unknown>>;
    return aFunction.fits(load) && aSet.fits(fusions);
  },
};

/**
 * @param who asks
 * @throws UsageError unless it is a backend, rather than a promise or what holds one
 */
export function checkBackend(who: string, backend: unknown): void {
  expectGiven(`${who}: the backend`, backend, aBackend);
}

/** What a program says that is run after its end. */
export const wasDisposed = 'run: this program was disposed of; compile it again.';

/** A plan that is ready to run on a backend. */
export interface Executable {
  /**
   * @param inputs one array for each of the plan's inputs, in its order, which stay as they are until the promise is
   *   settled; returns one for each output
   */
  run(inputs: readonly Values[]): Promise<Values[]>;
  /** A run that measures how long each of the plan's steps takes. A backend that cannot measure has no such method. */
  profile?(inputs: readonly Values[]): Promise<Profile>;
  /** Gives back the memory that this plan holds. */
  dispose(): void;
}

/** What a measured run gives. */
export interface Profile {
  readonly results: Values[];
  /** Of each step, in the order of the plan. */
  readonly milliseconds: readonly number[];
  /** What measured them: the device's own timestamps, or the host's clock around each step. */
  readonly clock?: 'timestamps' | 'wall clock';
}
