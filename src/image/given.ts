import { ShapeError } from '../errors.js';
import { bytes, expectParts, numberArray, wholeNumber, type Expectation } from '../given.js';
import type { PatchMap } from './overlay.js';
import type { Picture } from './picture.js';

const side = wholeNumber(1);

/**
 * @param who asks
 * @throws UsageError for what is no picture, ShapeError for one whose bytes are not three a pixel
 */
export function checkPicture(who: string, picture: Picture): void {
  expectParts(`${who}: the picture`, picture, { width: side, height: side, data: bytes });
  const { width, height, data } = picture;
  if (data.length === 3 * width * height) return;
  throw new ShapeError(
    `${who}: the picture of ${width}x${height} pixels has ${data.length} bytes; expected three a pixel, red, green and ` +
      'blue, which flattenOverWhite makes of others.',
  );
}

/** Rows and columns of patches. */
export const aGrid: Expectation<PatchMap['grid']> = {
  words: 'rows and columns, such as [14, 14]',
  fits: (value): value is PatchMap['grid'] =>
    Array.isArray(value) && value.length === 2 && value.every(side.fits),
};

/**
 * @param who asks
 * @throws UsageError for what is no map of patches, ShapeError for one that does not fit its grid
 */
export function checkMap(who: string, map: PatchMap): void {
  expectParts(`${who}: the map`, map, { values: numberArray, grid: aGrid });
  const [rows, columns] = map.grid;
  if (map.values.length === rows * columns) return;
  throw new ShapeError(
    `A map of ${map.values.length} values does not fit a grid of ${rows}x${columns} patches.`,
  );
}
