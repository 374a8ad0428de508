import { lumaOf } from '../image/unseen.js';
import { rectangle, type DrawnShape } from './shapes.js';
import { inks, setText } from './typeface/typeset.js';

/** Above this luma, the text in a cell is dark. */
const LIGHT = 128;

/** Of texts in tables, pixels an em. */
export const textSize = 11;

/** A cell of a table. */
export interface Cell {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Of the cell, between those of a colour map's ends, 0..1. */
  readonly unit: number;
  /** What stands in it. */
  readonly text?: string | undefined;
}

/**
 * A cell in its colour.
 * @param table of a colour map
 * @param edge of paper that is left between cells
 */
export function tableCell(
  { x, y, width, height, unit, text }: Cell,
  table: Uint8Array,
  edge: number,
): readonly DrawnShape[] {
  const at = 3 * Math.round(255 * unit);
  const colour = Array.from(table.subarray(at, at + 3), (level) => level.toString(16).padStart(2, '0'));
  const cell = rectangle(x, y, width - edge, height - edge, `#${colour.join('')}`);
  if (text === undefined) return [cell];
  const fill = lumaOf(table, at) > LIGHT ? inks.text : '#ffffff';
  const middle = { x: x + width / 2, y: y + height / 2 + 4, anchor: 'middle' } as const;
  return [cell, setText(text, { ...middle, size: textSize, fill })];
}

/** Names of rows, to the left of `x`, and of columns, above `y`: cells of one size begin there. */
export function tableNames(
  { x, y, width, height }: Pick<Cell, 'x' | 'y' | 'width' | 'height'>,
  ofRows: readonly string[],
  ofColumns: readonly string[],
): readonly DrawnShape[] {
  const style = { size: textSize, fill: inks.faint };
  return [
    ...ofRows.map((name, row) =>
      setText(name, { ...style, x: x - 8, y: y + (row + 0.5) * height + 4, anchor: 'end' }),
    ),
    ...ofColumns.map((name, column) =>
      setText(name, { ...style, x: x + (column + 0.5) * width, y: y - 6, anchor: 'middle' }),
    ),
  ];
}
