import { forwardPass, valuesOfSamples, type AblationInput, type TargetInput } from '../explain/index.js';
import type { VisionTransformer } from '../models/index.js';
import { add, constant, input, multiply, sizeOf, type Tensor, type Values } from '../tensor/index.js';
import type { ChosenMethod } from './chosen-methods.js';
import { withAblation, type RunSize } from './map-plan.js';
import { subjectsOf } from './subjects.js';

/** A method that is a mean over samples, to be run in parts that add up on the device. */
export interface SampledPlan {
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** What has been added up so far, and what it becomes. */
  readonly updates: ReadonlyMap<Tensor, Tensor>;
  /** The program's input. `[batch, channels, height, width]` */
  readonly image: string;
  /** None of a method of no class. */
  readonly targets: readonly TargetInput[];
  /** Outputs, one for each target, or one. `[batch, gridRows, gridColumns]` */
  readonly maps: readonly string[];
  /** What each run is given beside pictures and targets; after the last, the maps are whole. */
  readonly runs: () => Iterable<Readonly<Record<string, Values>>>;
  /** How many runs that are. */
  readonly count: number;
  /** Of a program in whose runs parts may be taken out. */
  readonly ablation: AblationInput | undefined;
}

/** Pictures that one run looks at: more take more memory and are hardly faster. */
const together = 8;

/**
 * A program for one such method, which looks at some samples of each picture in each run.
 * @throws UsageError for options out of range
 */
export function planSampled(model: VisionTransformer, chosen: ChosenMethod, size: RunSize): SampledPlan {
  return withAblation(model, size, (ablation) => ({ ...planned(model, chosen, size), ablation }));
}

function planned(
  model: VisionTransformer,
  { method, options }: ChosenMethod,
  size: RunSize,
): Omit<SampledPlan, 'ablation'> {
  const { batch } = size;
  const pass = forwardPass(model, input('image', [batch, ...model.inputShape]));
  const sampling = method.sampled!;
  const count = sampling.count(options);
  const some = Math.min(count, Math.max(1, Math.floor(together / batch)));
  const shape = sampling.shape(pass);
  const samples = {
    values: input('samples', [some, ...shape]),
    weights: input('weights', [some]),
  };
  const kept = input('kept', [1]);
  const { targets, subjects } = subjectsOf(pass, 'target', method.of === 'class' ? size.targets : 0, size);
  const parts =
    method.of === 'class'
      ? subjects.map((subject) => method.sampled!.part(subject, options, samples))
      : [method.sampled!.part(pass, options, samples)];
  const updates = new Map<Tensor, Tensor>();
  const outputs: Record<string, Tensor> = {};
  for (const part of parts) {
    const before = constant(new Float32Array(part.size), part.shape);
    const sum = add(multiply(before, kept), part);
    updates.set(before, sum);
    outputs[`map.${updates.size - 1}`] = sum;
  }
  const extent = sizeOf(shape);
  function* runs(): Generator<Record<string, Values>> {
    for (let first = 0; first < count; first += some) {
      const { values, weights } = valuesOfSamples(sampling, options, { first, some, size: extent });
      yield { samples: values, weights, kept: Float32Array.of(first === 0 ? 0 : 1) };
    }
  }
  return {
    outputs,
    updates,
    image: 'image',
    targets,
    maps: Object.keys(outputs),
    runs,
    count: Math.ceil(count / some),
  };
}
