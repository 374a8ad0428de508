import type { Picture } from '../../image/index.js';
import type { Random } from '../../random.js';
import { movedX, movedY, rotated, shearedX, shearedY } from './affine.js';
import { brightness, contrast, saturation, sharpness } from './enhance.js';
import { equalized, posterized, solarized, stretched } from './levels.js';

/** A way to change a picture, of a strength. */
type Change = (picture: Picture, strength: number) => Picture;

/** How strong a change is at a magnitude from 0 to 1, of a picture of a size. */
type Strength = (magnitude: number, picture: Picture) => number;

/** A change whose strength, if it is `signed`, is as often below 0 as above. */
export interface Operation {
  readonly change: Change;
  readonly strength: Strength;
  readonly signed: boolean;
}

export type OperationName =
  | 'identity'
  | 'shear-x'
  | 'shear-y'
  | 'translate-x'
  | 'translate-y'
  | 'rotate'
  | 'brightness'
  | 'color'
  | 'contrast'
  | 'sharpness'
  | 'posterize'
  | 'solarize'
  | 'auto-contrast'
  | 'equalize';

/** The greatest strengths, where policies differ. */
export interface Reach {
  /** Pixels to the side for each pixel down. */
  readonly shear: number;
  /** Pixels, of a picture's width or height. */
  readonly translate: (side: number) => number;
  /** Degrees. */
  readonly rotate: number;
  /** Added to a factor of 1, or taken from it. */
  readonly enhance: number;
  /** Bits that are lost. */
  readonly posterize: number;
}

/** What a policy chooses from, as far as it goes. */
export function operationsUpTo(reach: Reach): Readonly<Record<OperationName, Operation>> {
  const signed = (change: Change, strength: Strength): Operation => ({ change, strength, signed: true });
  const plain = (change: Change, strength: Strength): Operation => ({ change, strength, signed: false });
  const enhancing = (change: Change): Operation =>
    signed(
      (picture, strength) => change(picture, 1 + strength),
      (magnitude) => magnitude * reach.enhance,
    );
  const always: Strength = () => 1;
  return {
    identity: plain((picture) => picture, always),
    'shear-x': signed(shearedX, (magnitude) => magnitude * reach.shear),
    'shear-y': signed(shearedY, (magnitude) => magnitude * reach.shear),
    'translate-x': signed(movedX, (magnitude, { width }) => magnitude * reach.translate(width)),
    'translate-y': signed(movedY, (magnitude, { height }) => magnitude * reach.translate(height)),
    rotate: signed(rotated, (magnitude) => magnitude * reach.rotate),
    brightness: enhancing(brightness),
    color: enhancing(saturation),
    contrast: enhancing(contrast),
    sharpness: enhancing(sharpness),
    posterize: plain(posterized, (magnitude) => 8 - Math.round(magnitude * reach.posterize)),
    solarize: plain(solarized, (magnitude) => 255 * (1 - magnitude)),
    'auto-contrast': plain(stretched, always),
    equalize: plain(equalized, always),
  };
}

/** @param magnitude from 0 to 1 */
export function applied(operation: Operation, magnitude: number, picture: Picture, random: Random): Picture {
  const strength = operation.strength(magnitude, picture);
  return operation.change(picture, operation.signed && random.chance(0.5) ? -strength : strength);
}
