import type { Picture, Size } from '../image/index.js';
import { density, inRow, ofPicture, stacked, withMargin, type Drawing } from './drawing.js';
import { columnsOf, inRowsOf } from './sheet.js';
import { paragraph } from './words.js';

/** Of a whole sheet at most, between tiles, and of a tile at least, so that its caption can be read. */
const [widest, gap, narrowest] = [1100, 8, 72];

/** A picture of a sheet, with the line below it. */
export interface Tile {
  readonly picture: Picture;
  readonly caption: string;
}

/**
 * How large a picture is drawn, in its pixels, so that `count` of it make a sheet that has room on a screen: no larger than it is,
 * unless nothing could be seen then.
 */
export function tileSize({ width, height }: Size, count: number): Size {
  const room = density * (Math.floor((widest - gap) / columnsOf(count)) - gap);
  const longest = Math.max(width, height);
  const side = Math.min(room, Math.max(longest, density * narrowest));
  const scaled = (extent: number): number => Math.max(1, Math.round((extent * side) / longest));
  return { width: scaled(width), height: scaled(height) };
}

/**
 * Pictures with captions, row by row.
 * @param tiles at least one, all of one size: see `tileSize`
 */
export function contactSheet(tiles: readonly Tile[]): Drawing {
  const cells = tiles.map(({ picture, caption }) => {
    const drawing = ofPicture(picture);
    const width = Math.max(drawing.width, narrowest);
    return { ...stacked([drawing, paragraph(caption, 'body', width)], 3), width };
  });
  const rows = inRowsOf(cells, columnsOf(cells.length)).map((row) => inRow(row, gap));
  return withMargin(stacked(rows, gap), gap);
}
