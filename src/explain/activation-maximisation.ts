import * as is from 'valibot';
import {
  add,
  constant,
  divide,
  gradient,
  mean,
  multiply,
  relu,
  slice,
  sqrt,
  subtract,
  sum,
  type Tensor,
} from '../tensor/index.js';
import { total } from './evidence.js';
import type { Source } from './method.js';
import { count, seed, type MethodOptions, type OptionSchemas } from './options.js';
import type { Pass } from './pass.js';
import { activationOf, type Unit } from './unit.js';

const atLeast0 = 'give a number from 0 to 1000';

function weight(usual: number, help: string) {
  return is.pipe(
    is.optional(is.pipe(is.number(atLeast0), is.minValue(0, atLeast0), is.maxValue(1000, atLeast0)), usual),
    is.description(help),
  );
}

const pixels = 'give a whole number of pixels, from 0 to 1000';

const options = {
  steps: count(256, 'steps uphill, each a forward and a backward pass'),
  rate: weight(0.1, 'how far the first step goes, in deviations of the input; later ones go less far'),
  tv: weight(0.3, 'how much total variation counts: more makes a smoother picture'),
  continuity: weight(0, 'how much steps between patches count beside: more hides the grid'),
  jitter: is.pipe(
    is.optional(
      is.pipe(is.number(pixels), is.integer(pixels), is.minValue(0, pixels), is.maxValue(1000, pixels)),
      32,
    ),
    is.description('pixels by which the picture is shifted at most before each step'),
  ),
  seed,
} as const satisfies OptionSchemas;

/** Checked and complete. */
export type AscentOptions = MethodOptions<typeof options>;

/**
 * What excites a unit most: a picture that begins as noise and is changed step by step so that the unit is more excited,
 *
 *   x = clip(roll(x + rate (g / rms(g) - dV/dx))),   g = d activation/dx,   V = sum of w sqrt(difference^2 + e)
 *
 * where V is over neighbouring pixels, with w = tv, and tv + continuity where a patch ends between them; before each step the
 * picture is rolled by a few pixels, so that nothing depends on where it lies on the grid; and it stays among the pixels
 * that there are. The rate falls to 0 in a straight line.
 * Sources: Erhan et al., "Visualizing Higher-Layer Features of a Deep Network", 2009; total variation: Mahendran and Vedaldi, 2015;
 * jitter: Mordvintsev et al., "Inceptionism", 2015; on the neurons of vision transformers: Ghiasi et al., 2022.
 */
export const activationMaximisation = {
  name: 'activation-maximisation',
  explains: 'what a class, a neuron, a channel or a head has learnt',
  source: {
    cited: 'Erhan et al. 2009; Ghiasi et al. 2022',
    title: 'What do Vision Transformers Learn? A Visual Exploration',
    url: 'https://arxiv.org/abs/2212.06727',
  } satisfies Source,
  of: 'unit',
  options: () => options,
  shows: () => 'picture',
} as const;

/** What the normalised input may hold, a number for each channel. */
export interface PixelRange {
  readonly least: readonly number[];
  readonly greatest: readonly number[];
}

/**
 * One step uphill.
 * @param pass of the picture as it is, one
 * @param rate how far to go, `[1]`
 * @param patch its height and width, pixels
 * @throws UsageError for a unit that the model has not
 */
export function uphill(
  pass: Pass,
  unit: Unit,
  { tv, continuity }: Pick<AscentOptions, 'tv' | 'continuity'>,
  { rate, range, patch }: { rate: Tensor; range: PixelRange; patch: readonly [number, number] },
): { readonly activation: Tensor; readonly picture: Tensor } {
  const { image } = pass;
  const activation = activationOf(pass, unit);
  const [slope] = gradient(activation, [image]);
  const strength = sqrt(add(mean(multiply(slope, slope)), nothing));
  const [roughening] = gradient(variation(image, { tv, continuity, patch }), [image]);
  const direction = subtract(divide(slope, strength), roughening);
  return { activation, picture: clip(add(image, multiply(direction, rate)), range) };
}

/** The square of a slope that is none: where nothing excites a unit, its picture stays what it is. */
const nothing = 1e-30;
/** Of differences of the input: what rounds off the corner of the magnitude at 0. */
const corner = 1e-3;

/** Total variation of pictures `[batch, channels, height, width]`, with more weight where patches meet. */
export function variation(
  image: Tensor,
  {
    tv,
    continuity,
    patch,
  }: { readonly tv: number; readonly continuity: number; readonly patch: readonly [number, number] },
): Tensor {
  const along = ([2, 3] as const).map((axis, side) => {
    const pairs = image.shape[axis] - 1;
    const difference = subtract(slice(image, axis, 1), slice(image, axis, 0, pairs));
    const weights = Float32Array.from({ length: pairs }, (_, i) =>
      (i + 1) % patch[side] === 0 ? tv + continuity : tv,
    );
    const shape = [1, 1, 1, 1].with(axis, pairs);
    const magnitude = sqrt(add(multiply(difference, difference), corner));
    return sum(multiply(magnitude, constant(weights, shape)));
  });
  return total(along);
}

/** `least + relu(x - least)` is not below the least, and the same the other way round. */
function clip(x: Tensor, range: PixelRange): Tensor {
  const [least, greatest] = [range.least, range.greatest].map((values) =>
    constant(values, [1, values.length, 1, 1]),
  );
  const raised = add(least, relu(subtract(x, least)));
  return subtract(greatest, relu(subtract(greatest, raised)));
}
