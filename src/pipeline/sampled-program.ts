import type { Backend } from '../compiler/backend.js';
import { compile, type Program } from '../compiler/compile.js';
import type { Ablation, AnyMethod, ClassTarget, TargetInput } from '../explain/index.js';
import type { VisionTransformer } from '../models/index.js';
import type { Values } from '../tensor/index.js';
import type { ChosenMethod } from './chosen-methods.js';
import type { RunSize } from './map-plan.js';
import { planSampled, type SampledPlan } from './sampled-plan.js';

/** A method that is a mean over samples, compiled. */
export class SampledProgram implements ChosenMethod {
  readonly method: AnyMethod;
  readonly options: ChosenMethod['options'];
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(
    { method, options }: ChosenMethod,
    /** Position of its method among those that were chosen. */
    readonly chosen: number,
    private readonly plan: SampledPlan,
    private readonly program: Program,
  ) {
    this.method = method;
    this.options = options;
  }

  /** @throws DeviceError if the backend cannot */
  static async create(
    model: VisionTransformer,
    method: ChosenMethod,
    chosen: number,
    size: RunSize,
    backend: Backend,
  ): Promise<SampledProgram> {
    const plan = planSampled(model, method, size);
    return new SampledProgram(method, chosen, plan, await compile(plan.outputs, backend, plan.updates));
  }

  /** Number of the target of one of its maps; undefined for a method that explains no class. */
  targetOf(map: number): number | undefined {
    return this.method.of === 'class' ? map : undefined;
  }

  /**
   * Adds up all samples. Calls take turns, because what is held on the device is one sum.
   * @param images of all pictures of the batch
   * @param targets of each picture
   * @param ablations of each picture, if any lose something
   * @returns a map for each target, of all pictures
   */
  run(
    images: Values,
    targets: readonly (readonly ClassTarget[])[],
    ablations: readonly (Ablation | undefined)[],
    signal: AbortSignal | undefined,
  ): Promise<readonly Values[]> {
    const result = this.#turn.then(() => this.#addUp(images, targets, ablations, signal));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #addUp(
    images: Values,
    targets: readonly (readonly ClassTarget[])[],
    ablations: readonly (Ablation | undefined)[],
    signal: AbortSignal | undefined,
  ): Promise<readonly Values[]> {
    const shared = {
      [this.plan.image]: images,
      ...valuesOf(this.plan.targets, targets),
      ...this.plan.ablation?.values(ablations),
    };
    let results: Readonly<Record<string, Values>> = {};
    for (const samples of this.plan.runs()) {
      signal?.throwIfAborted();
      results = await this.program.run({ ...shared, ...samples });
    }
    return this.plan.maps.map((map) => results[map]);
  }

  dispose(): void {
    this.program.dispose();
  }
}

/** What targets are given in a run. @param targets of each picture, in the order of the slots */
export function valuesOf(
  slots: readonly TargetInput[],
  targets: readonly (readonly ClassTarget[])[],
): Record<string, Values> {
  return Object.assign(
    {},
    ...slots.map((slot, position) => slot.values(targets.map((own) => own[position]))),
  ) as Record<string, Values>;
}
