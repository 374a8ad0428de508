import { colormap, type ColormapName } from './colormap.js';
import { captioned } from './caption.js';
import { onPaper, place } from './paper.js';
import type { Picture } from './picture.js';
import { rangeOf, scaleToUnit } from './upsample.js';

/** Numbers in rows and columns, drawn as colours. */
export interface HeatTable {
  readonly values: ArrayLike<number>;
  readonly grid: readonly [rows: number, columns: number];
  /** What a row and a column are called, before their number. */
  readonly axes: readonly [row: string, column: string];
  /** Letters of ASCII. */
  readonly title: string;
}

/** Pixels of a cell, and between cells and around all. */
const [width, height, gap, margin] = [92, 30, 2, 8];

/** A table of numbers as colours, each with its row, its column and its number below. */
export function heatTable({ values, grid, axes, title }: HeatTable, name: ColormapName): Picture {
  const [rows, columns] = grid;
  const { table, diverging } = colormap(name);
  const units = scaleToUnit(values, rangeOf(values, diverging), diverging);
  const cells = Array.from(units, (unit, i) => {
    const level = Math.round(255 * unit);
    const colour = table.subarray(3 * level, 3 * level + 3);
    const data = new Uint8Array(3 * width * height).map((_, at) => colour[at % 3]);
    const place = `${axes[0]} ${Math.floor(i / columns)} ${axes[1]} ${i % columns}`;
    return captioned({ width, height, data }, `${place} ${values[i].toFixed(3)}`);
  });
  const tall = Math.max(...cells.map((cell) => cell.height)) + gap;
  const sheet = onPaper({
    width: 2 * margin + columns * (width + gap) - gap,
    height: 2 * margin + rows * tall - gap,
  });
  cells.forEach((cell, i) => {
    place(sheet, cell, margin + (i % columns) * (width + gap), margin + Math.floor(i / columns) * tall);
  });
  return captioned(sheet, title);
}
