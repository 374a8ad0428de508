import { VisionTransformer } from '../models/index.js';
import { adamWState, Parameter, type AdamWState } from '../nn/index.js';
import { add, constant, multiply, type Tensor } from '../tensor/index.js';
import type { TrainConfig } from './config.js';
import type { Learner } from './learner.js';
import { trained } from './trained.js';

/** What a training remembers beside its parameters. */
export interface Memory {
  /** Of the parameters that are learned. */
  readonly optimizer: AdamWState;
  /**
   * The model with averages in the place of its parameters, which is measured and kept in the end; undefined if that is the
   * model itself.
   * Source: Polyak and Juditsky, "Acceleration of stochastic approximation by averaging", 1992, here with exponential weights.
   */
  readonly average: VisionTransformer | undefined;
  /** Of the gradients of the parts of a batch, 0 between steps; none where a batch is one part. */
  readonly sums: readonly Tensor[];
}

/** What decides about it. */
export type MemoryConfig = Pick<TrainConfig, 'accumulate' | 'average' | 'freeze'>;

/** As it is before the first step. The averages begin with the parameters that the learner has now. */
export function freshMemory({ accumulate, average, freeze }: MemoryConfig, learner: Learner): Memory {
  const parameters = trained(learner.parameters, freeze).map(([, parameter]) => parameter);
  const zeros = ({ shape, size }: Parameter): Tensor => constant(new Float32Array(size), shape);
  return {
    optimizer: adamWState(parameters),
    average: average === 0 ? undefined : copyOf(learner.model),
    sums: accumulate === 1 ? [] : parameters.map(zeros),
  };
}

function copyOf(model: VisionTransformer): VisionTransformer {
  const copy = new VisionTransformer(model.config);
  const originals = new Map(model.namedParameters());
  for (const [name, parameter] of copy.namedParameters()) {
    const { values } = originals.get(name)!.storage;
    if (values) parameter.assign(values.slice());
  }
  return copy;
}

/**
 * The next averages, as updates for `compile`.
 * @param next of each parameter, what it becomes
 * @param decay how much of the old average stays. Shape []
 */
export function averaged(
  average: VisionTransformer,
  model: VisionTransformer,
  next: ReadonlyMap<Tensor, Tensor>,
  decay: Tensor,
): Map<Tensor, Tensor> {
  const originals = new Map(model.namedParameters());
  const updates = new Map<Tensor, Tensor>();
  for (const [name, parameter] of average.namedParameters()) {
    const original = originals.get(name)!;
    const now = next.get(original);
    // What is frozen is its own average.
    if (now)
      updates.set(parameter, add(multiply(parameter, decay), multiply(now, add(1, multiply(decay, -1)))));
  }
  return updates;
}

/**
 * How much of the old averages stays at a step, counted from 0: less at first, when they are old after a few steps.
 * Source: the rule of TensorFlow's `ExponentialMovingAverage` with `num_updates`.
 */
export function averageDecayAt(step: number, decay: number): number {
  return Math.min(decay, (1 + step) / (10 + step));
}

/** The same, of parameters that have no numbers yet: to count what it takes without taking it. */
export function plannedMemory({ accumulate, average, freeze }: MemoryConfig, learner: Learner): Memory {
  const parameters = trained(learner.parameters, freeze);
  const bare = (): Parameter[] => parameters.map(([, { shape }]) => new Parameter(shape));
  return {
    optimizer: { corrections: [new Parameter([]), new Parameter([])], means: bare(), squares: bare() },
    average: average === 0 ? undefined : new VisionTransformer(learner.model.config),
    sums: accumulate === 1 ? [] : bare(),
  };
}
