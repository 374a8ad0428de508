import {
  activationMaximisation,
  activationOf,
  forwardPass,
  uphill,
  type AscentOptions,
  type PixelRange,
  type Unit,
} from '../explain/index.js';
import { parseOptions, type GivenMethodOptions } from '../explain/options.js';
import { anObject, expectParts } from '../given.js';
import type { Preprocessing } from '../image/index.js';
import { Random } from '../random.js';
import { constant, input, matmul, reshape, sizeOf, type Tensor } from '../tensor/index.js';
import type { Subject } from './explainer.js';
import { aModel } from './map-plan.js';

/** Options as they are given: what is left out has its default. */
export type GivenAscentOptions = GivenMethodOptions<ReturnType<typeof activationMaximisation.options>>;

/** A step uphill as a program, which is run once for each. */
export interface AscentPlan {
  /** How much the unit is excited before the step. `[1]` */
  readonly outputs: { readonly activation: Tensor };
  /** The picture, and what it becomes. */
  readonly updates: ReadonlyMap<Tensor, Tensor>;
  /** To look at what is there: the picture, rolled, and how much it excites the unit. */
  readonly seen: { readonly picture: Tensor; readonly activation: Tensor };
  /** Of the picture. */
  readonly shape: readonly [channels: number, height: number, width: number];
  /** Checked and complete. */
  readonly options: AscentOptions;
}

/** Of the noise that it begins with, as the normalised input has it: nearly grey. */
const faint = 0.1;

/**
 * Plans activation maximisation. Inputs of a step are `rate`, and `rows` and `columns`, which roll the picture.
 * @throws UsageError for a unit that the model has not, or options out of range
 */
export function planAscent(
  { model, preprocessing }: Subject,
  unit: Unit,
  given: GivenAscentOptions = {},
): AscentPlan {
  expectParts('The model', { model, preprocessing }, { model: aModel, preprocessing: anObject });
  const options = parseOptions(activationMaximisation.options(), given);
  const shape = model.inputShape;
  const [, height, width] = shape;
  const random = new Random(options.seed);
  const noise = Float32Array.from({ length: sizeOf(shape) }, () => faint * random.normal());
  const before = constant(noise, [1, ...shape]);
  const pass = forwardPass(model, before);
  const [rows, columns] = model.geometry.grid;
  const { activation, picture } = uphill(pass, unit, options, {
    rate: input('rate', [1]),
    range: rangeOf(preprocessing),
    patch: [height / rows, width / columns],
  });
  return {
    outputs: { activation },
    updates: new Map([[before, roll(picture)]]),
    seen: { picture: before, activation: activationOf(pass, unit) },
    shape,
    options,
  };
}

/** What pixels of 0 and 1 become. */
function rangeOf({ mean, std }: Preprocessing): PixelRange {
  return {
    least: mean.map((value, channel) => -value / std[channel]),
    greatest: mean.map((value, channel) => (1 - value) / std[channel]),
  };
}

/** A picture rolled as a run says, by products with permutations: what leaves on one side comes in on the other. */
function roll(picture: Tensor): Tensor {
  const [, , height, width] = picture.shape;
  const rows = reshape(input('rows', [height, height]), [1, 1, height, height]);
  return matmul(rows, matmul(picture, input('columns', [width, width])));
}
