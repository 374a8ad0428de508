import type { Picture } from '../../image/index.js';
import type { Random } from '../../random.js';
import { applied, operationsUpTo, type Operation } from './operations.js';

/** Magnitudes are counted in so many steps, the first of which is none. */
const STEPS = 31;

/** Which changes a picture goes through. */
export type Policy = (picture: Picture, random: Random) => Picture;

export interface RandAugmentOptions {
  /** How many changes, one after the other. */
  readonly operations: number;
  /** From 0 to 30. */
  readonly magnitude: number;
}

const moderate: readonly Operation[] = Object.values(
  operationsUpTo({
    shear: 0.3,
    translate: (side) => (150 / 331) * side,
    rotate: 30,
    enhance: 0.9,
    posterize: 4,
  }),
);

const wide: readonly Operation[] = Object.values(
  operationsUpTo({ shear: 0.99, translate: () => 32, rotate: 135, enhance: 0.99, posterize: 6 }),
);

/**
 * Some changes drawn with equal chances, all of one magnitude.
 * Source: Cubuk et al., "RandAugment", 2020; the changes and how far they go are torchvision's.
 */
export function randAugment({ operations, magnitude }: RandAugmentOptions): Policy {
  return (picture, random) => {
    let result = picture;
    for (let i = 0; i < operations; i++) {
      result = applied(random.pick(moderate), magnitude / (STEPS - 1), result, random);
    }
    return result;
  };
}

/**
 * One change, of a magnitude drawn with it.
 * Source: Müller and Hutter, "TrivialAugment", 2021, the wide form; the changes and how far they go are torchvision's.
 */
export function trivialAugment(): Policy {
  return (picture, random) =>
    applied(random.pick(wide), random.integer(STEPS) / (STEPS - 1), picture, random);
}
