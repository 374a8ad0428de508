import { luminance, pictureValues, type Picture, type Preprocessing } from '../../image/index.js';
import { heightAndWidth, seenPart } from '../../image/preprocess.js';
import type { Random } from '../../random.js';
import { randomResizedCrop, shifted, type RandomResizedCropOptions } from './crop.js';
import { erase } from './erase.js';
import { flipped } from './flip.js';
import { jittered, type JitterOptions } from './jitter.js';
import { randAugment, trivialAugment, type RandAugmentOptions } from './policies.js';

/** What happens to a picture before it is learned from; nothing of what is left out. */
export interface AugmentOptions {
  /** A part of it in the place of the whole. */
  readonly crop?: RandomResizedCropOptions | undefined;
  /** Pixels of the input by which it is moved at most. */
  readonly shift?: number | undefined;
  /** Probability with which left and right are exchanged. */
  readonly flip?: number | undefined;
  readonly color?: JitterOptions | undefined;
  readonly policy?: 'trivial-augment' | RandAugmentOptions | undefined;
  /** Probability with which a rectangle is erased. */
  readonly erase?: number | undefined;
}

/** Makes a model's input of a picture, another one each time. [channels, height, width] */
export type Augmentation = (picture: Picture, random: Random) => Float32Array<ArrayBuffer>;

/**
 * What of it decides where in the input things lie: part, shift and flip.
 * @param random which has the same numbers for a picture and its mask
 */
export function placement(
  { crop, shift, flip = 0 }: AugmentOptions,
  preprocessing: Preprocessing,
): (picture: Picture, random: Random) => Picture {
  const { interpolation } = preprocessing;
  const extent = heightAndWidth(preprocessing.size);
  return (picture, random) => {
    let result = crop
      ? randomResizedCrop(picture, extent, { ...crop, interpolation }, random)
      : seenPart(picture, preprocessing).crop;
    if (shift !== undefined) result = shifted(result, shift, random);
    return random.chance(flip) ? flipped(result) : result;
  };
}

/** Part, shift, flip, colour, policy, normalisation, erasing, in this order. */
export function augmentation(options: AugmentOptions, preprocessing: Preprocessing): Augmentation {
  const { mean, std } = preprocessing;
  const extent = heightAndWidth(preprocessing.size);
  const { color, policy, erase: erasing = 0 } = options;
  const placed = placement(options, preprocessing);
  const change = policy && (policy === 'trivial-augment' ? trivialAugment() : randAugment(policy));
  return (picture, random) => {
    let result = placed(picture, random);
    if (color) result = jittered(result, color, random);
    if (change) result = change(result, random);
    const values = pictureValues(mean.length === 1 ? luminance(result) : result, mean, std);
    if (random.chance(erasing)) erase(values, extent, random);
    return values;
  };
}
