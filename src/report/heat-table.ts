import { colormap, rangeOf, scaleToUnit, type ColormapName } from '../image/index.js';
import { tableCell, tableNames } from './cells.js';
import { colourBar } from './colour-bar.js';
import { composed, ofShapes, stacked, withMargin, type Drawing } from './drawing.js';
import { paragraph } from './words.js';

/** Numbers in rows and columns, drawn as colours. */
export interface HeatTable {
  readonly values: ArrayLike<number>;
  readonly grid: readonly [rows: number, columns: number];
  /** What a row and a column are called, before their number. */
  readonly axes: readonly [row: string, column: string];
  readonly title: string;
}

/** Of a cell, of what stands before a row, and of what stands above a column. */
const [width, height, before, above] = [62, 26, 62, 18];

/** A table of numbers as colours, each with its number in it. */
export function heatTable({ values, grid, axes, title }: HeatTable, name: ColormapName): Drawing {
  const [rows, columns] = grid;
  const { table, diverging } = colormap(name);
  const range = rangeOf(values, diverging);
  const cells = Array.from(scaleToUnit(values, range, diverging)).flatMap((unit, i) => {
    const [x, y] = [before + (i % columns) * width, above + Math.floor(i / columns) * height];
    const text = values[i].toFixed(3).replace('-', '\u2212');
    return tableCell({ x, y, width, height, unit, text }, table, 1);
  });
  const numbered = (name: string, count: number): string[] =>
    Array.from({ length: count }, (_, number) => `${name} ${number}`);
  const names = tableNames(
    { x: before, y: above, width, height },
    numbered(axes[0], rows),
    numbered(axes[1], columns),
  );
  const size = { width: before + columns * width, height: above + rows * height };
  const bar = colourBar(name, range, 2 * width, ['', '']);
  const scale = composed({ width: size.width, height: bar.height }, [{ drawing: bar, left: before, top: 0 }]);
  const drawn = ofShapes(size, [...cells, ...names]);
  return withMargin(stacked([paragraph(title, 'heading', Math.max(size.width, 300)), drawn, scale], 8), 16);
}
