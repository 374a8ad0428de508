import type { Random } from '../../random.js';
import { symmetricBeta } from './beta.js';

/** Images and what they show. */
export interface Mixable {
  /** [batch, channels, height, width] */
  readonly image: Float32Array;
  /** A distribution over the classes for each image. [batch, classes] */
  readonly labels: Float32Array;
}

/** The parameter of each distribution from which shares are drawn; without it, none of the kind. */
export interface MixOptions {
  readonly mixup?: number | undefined;
  readonly cutmix?: number | undefined;
}

/**
 * Mixes each image of a batch with the one before it, all alike: by mixup or by cutmix, as often the one as the other.
 * @param size height and width of an image
 */
export function mixed(
  batch: Mixable,
  count: number,
  size: readonly [height: number, width: number],
  { mixup: blend, cutmix: paste }: MixOptions,
  random: Random,
): Mixable {
  const ways = [
    ...(blend === undefined ? [] : [() => mixup(batch, count, symmetricBeta(blend, random))]),
    ...(paste === undefined ? [] : [() => cutmix(batch, count, size, symmetricBeta(paste, random), random)]),
  ];
  return ways.length === 0 ? batch : random.pick(ways)();
}

/**
 * A share of each image, and the rest of the one before it.
 * Source: Zhang et al., "mixup: Beyond Empirical Risk Minimization", 2018.
 */
export function mixup({ image, labels }: Mixable, count: number, share: number): Mixable {
  return { image: blended(image, count, share), labels: blended(labels, count, share) };
}

/**
 * Each image with a rectangle of the one before it in it; labels count what is seen of either.
 * Source: Yun et al., "CutMix", 2019.
 * @param share of an image that stays, if the rectangle lies in it as a whole
 */
export function cutmix(
  { image, labels }: Mixable,
  count: number,
  [height, width]: readonly [number, number],
  share: number,
  random: Random,
): Mixable {
  const half = Math.sqrt(1 - share) / 2;
  const extent = (side: number): readonly [from: number, to: number] => {
    const [middle, reach] = [random.integer(side), Math.trunc(half * side)];
    return [Math.max(0, middle - reach), Math.min(side, middle + reach)];
  };
  const [[top, bottom], [left, right]] = [extent(height), extent(width)];
  const result = image.slice();
  const plane = height * width;
  for (let start = 0; start < image.length; start += plane) {
    const before = beforeOf(start, image.length, count);
    for (let row = top; row < bottom; row++) {
      const [from, to] = [row * width + left, row * width + right];
      result.set(image.subarray(before + from, before + to), start + from);
    }
  }
  const pasted = ((bottom - top) * (right - left)) / plane;
  return { image: result, labels: blended(labels, count, 1 - pasted) };
}

function blended(values: Float32Array, count: number, share: number): Float32Array {
  return values.map((value, i) => share * value + (1 - share) * values[beforeOf(i, values.length, count)]);
}

/** Where the same number of the image before lies; the last one's comes before the first. */
function beforeOf(place: number, length: number, count: number): number {
  return (place + length - length / count) % length;
}
