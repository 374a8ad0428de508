import { checkPicture } from './given.js';
import type { Picture, Size } from './picture.js';

/** Which pixels belong to an object: 1 inside, 0 outside, between the two on a soft edge. */
export interface Mask extends Size {
  /** [height, width], in 0..1 */
  readonly values: ArrayLike<number>;
}

/** A grey picture as a mask: black is 0, white is 1. Of a coloured picture, the mean of the channels. */
export function maskOfPicture(picture: Picture): Mask {
  checkPicture('maskOfPicture', picture);
  const { width, height, data } = picture;
  const values = Float64Array.from(
    { length: width * height },
    (_, i) => (data[3 * i] + data[3 * i + 1] + data[3 * i + 2]) / (3 * 255),
  );
  return { width, height, values };
}

/** On a soft edge, the half that belongs to the object more than to its surroundings. */
export function isInside(mask: Mask, pixel: number): boolean {
  return mask.values[pixel] >= 0.5;
}
