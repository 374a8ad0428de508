import { ShapeError } from '../errors.js';
import { checkPicture } from './given.js';
import type { Picture } from './picture.js';
import type { PixelArea } from './resize.js';

/**
 * A part of a picture.
 * @throws ShapeError if it does not lie in the picture, or is empty
 */
export function cut(picture: Picture, part: PixelArea): Picture {
  const { x, y, width, height } = part;
  checkPicture('cut', picture);
  const whole = [x, y, width, height].every(Number.isInteger);
  const inside = x >= 0 && y >= 0 && x + width <= picture.width && y + height <= picture.height;
  if (!whole || width < 1 || height < 1 || !inside) {
    throw new ShapeError(
      `Cannot cut ${width}x${height} pixels at ${x},${y} from a picture of ${picture.width}x${picture.height}.`,
    );
  }
  return copyOf(picture, part);
}

/** The same of a part that is known to lie in the picture. */
export function copyOf(picture: Picture, { x, y, width, height }: PixelArea): Picture {
  const data = new Uint8Array(3 * width * height);
  for (let row = 0; row < height; row++) {
    const from = 3 * ((y + row) * picture.width + x);
    data.set(picture.data.subarray(from, from + 3 * width), 3 * row * width);
  }
  return { data, width, height };
}
