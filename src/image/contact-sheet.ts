import { captioned } from './caption.js';
import { onPaper, place } from './paper.js';
import type { Picture, Size } from './picture.js';

/** Pixels: of a whole sheet at most, between tiles, and of a tile at least, so that its caption can be read. */
const [widest, gap, narrowest] = [1600, 8, 96];
const fewest = 4;

/** A picture of a sheet, with the line below it. */
export interface Tile {
  readonly picture: Picture;
  /** Letters of ASCII. */
  readonly caption: string;
}

/** How many tiles stand side by side: a few in one row, more in about a square, pairs beside each other. */
function columnsOf(count: number): number {
  return count <= fewest ? count : 2 * Math.ceil(Math.sqrt(count) / 2);
}

/**
 * How large a picture is drawn so that `count` of it make a sheet of at most 1600 pixels across: no larger than it is, unless
 * nothing could be seen then.
 */
export function tileSize({ width, height }: Size, count: number): Size {
  const columns = columnsOf(count);
  const room = Math.floor((widest - gap) / columns) - gap;
  const longest = Math.max(width, height);
  const side = Math.min(room, Math.max(longest, narrowest));
  const scaled = (extent: number): number => Math.max(1, Math.round((extent * side) / longest));
  return { width: scaled(width), height: scaled(height) };
}

/**
 * Pictures with captions, row by row on paper.
 * @param tiles at least one, all of one size: see `tileSize`
 */
export function contactSheet(tiles: readonly Tile[]): Picture {
  const columns = columnsOf(tiles.length);
  const cells = tiles.map(({ picture, caption }) => {
    const { width, height } = picture;
    return captioned(onPaper({ width: Math.max(width, narrowest), height }, picture), caption);
  });
  const width = gap + columns * (cells[0].width + gap);
  const rows = Array.from({ length: Math.ceil(cells.length / columns) }, (_, row) => {
    const own = cells.slice(row * columns, (row + 1) * columns);
    return { own, height: Math.max(...own.map((cell) => cell.height)) };
  });
  const sheet = onPaper({ width, height: gap + rows.reduce((sum, { height }) => sum + height + gap, 0) });
  let top = gap;
  for (const { own, height } of rows) {
    own.forEach((cell, column) => {
      place(sheet, cell, gap + column * (cell.width + gap), top);
    });
    top += height + gap;
  }
  return sheet;
}
