import * as is from 'valibot';
import { UsageError } from '../../errors.js';
import type { Interpolation, Preprocessing } from '../../image/index.js';
import { simplified } from '../../image/preprocess.js';
import { checked, size } from './checked.js';

/*
 * `preprocessor_config.json` as the library transformers writes it for pictures.
 */

/** Pillow's numbers for its filters. */
const filters: Readonly<Record<number, Interpolation>> = { 1: 'lanczos', 2: 'bilinear', 3: 'bicubic' };

const rectangle = is.object({ height: size, width: size });
const target = is.union([size, rectangle, is.object({ shortest_edge: size })]);
const threeNumbers = is.pipe(is.array(is.number()), is.minLength(1), is.maxLength(3));

const schema = is.object({
  do_resize: is.optional(is.nullable(is.boolean()), true),
  do_center_crop: is.optional(is.nullable(is.boolean())),
  do_normalize: is.optional(is.nullable(is.boolean()), true),
  do_rescale: is.optional(is.nullable(is.literal(true)), true),
  rescale_factor: is.optional(is.nullable(is.number()), 1 / 255),
  size: target,
  crop_size: is.optional(is.nullable(is.union([size, rectangle]))),
  resample: is.optional(is.nullable(is.number()), 2),
  image_mean: is.optional(is.nullable(threeNumbers), [0.5, 0.5, 0.5]),
  image_std: is.optional(is.nullable(threeNumbers), [0.5, 0.5, 0.5]),
});

/**
 * How pictures are made ready, as a `preprocessor_config.json` says.
 * @throws UsageError for an entry that is missing or not supported
 */
export function preprocessingOf(given: unknown, source: string): Preprocessing {
  const found = checked(schema, given, source);
  if (found.do_resize === false || Math.abs((found.rescale_factor ?? 1 / 255) - 1 / 255) > 1e-6) {
    const which =
      found.do_resize === false ? 'do_resize is false' : `rescale_factor is ${found.rescale_factor}`;
    throw new UsageError(`${source}: ${which}, which is not supported.`);
  }
  const resample = found.resample ?? 2;
  if (!Object.hasOwn(filters, resample)) {
    throw new UsageError(
      `${source}: resample is ${resample}, which is not supported; there are 1 (lanczos), 2 (bilinear) and 3 (bicubic).`,
    );
  }
  const isNormalized = found.do_normalize !== false;
  const colour = {
    mean: isNormalized ? (found.image_mean ?? [0.5, 0.5, 0.5]) : [0, 0, 0],
    std: isNormalized ? (found.image_std ?? [0.5, 0.5, 0.5]) : [1, 1, 1],
    interpolation: filters[resample],
  };
  const crop = found.do_center_crop === false ? undefined : (found.crop_size ?? undefined);
  const cropped = crop === undefined ? undefined : heightAndWidth(crop);
  if (typeof found.size !== 'number' && 'shortest_edge' in found.size) {
    const shortSide = found.size.shortest_edge;
    return { ...colour, fit: 'crop', shortSide, size: simplified(cropped ?? [shortSide, shortSide]) };
  }
  const resized = heightAndWidth(found.size);
  return {
    ...colour,
    fit: 'squash',
    size: simplified(cropped ?? resized),
    ...(cropped ? { resized } : {}),
  };
}

type Rectangle = is.InferOutput<typeof rectangle>;

function heightAndWidth(given: number | Rectangle): readonly [height: number, width: number] {
  return typeof given === 'number' ? [given, given] : [given.height, given.width];
}
