import { colormap, rangeOf, scaleToUnit, type ColormapName } from '../image/index.js';
import { colourBar } from './colour-bar.js';
import { composed, ofShapes, stacked, withMargin, type Drawing } from './drawing.js';
import { rectangle } from './shapes.js';
import { inks, setText } from './typeface/typeset.js';
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
/** Above this luma, the number in a cell is dark. */
const LIGHT = 128;

/** A table of numbers as colours, each with its number in it. */
export function heatTable({ values, grid, axes, title }: HeatTable, name: ColormapName): Drawing {
  const [rows, columns] = grid;
  const { table, diverging } = colormap(name);
  const range = rangeOf(values, diverging);
  const cells = Array.from(scaleToUnit(values, range, diverging)).flatMap((unit, i) => {
    const [red, green, blue] = table.subarray(3 * Math.round(255 * unit), 3 * Math.round(255 * unit) + 3);
    const isLight = 0.299 * red + 0.587 * green + 0.114 * blue > LIGHT;
    const [x, y] = [before + (i % columns) * width, above + Math.floor(i / columns) * height];
    const number = { x: x + width / 2, y: y + height / 2 + 4, size: 11, anchor: 'middle' } as const;
    return [
      rectangle(x, y, width - 1, height - 1, hex([red, green, blue])),
      setText(values[i].toFixed(3).replace('-', '\u2212'), {
        ...number,
        fill: isLight ? inks.text : '#ffffff',
      }),
    ];
  });
  const names = { size: 11, fill: inks.faint };
  const ofRows = Array.from({ length: rows }, (_, row) =>
    setText(`${axes[0]} ${row}`, {
      ...names,
      x: before - 8,
      y: above + row * height + height / 2 + 4,
      anchor: 'end',
    }),
  );
  const ofColumns = Array.from({ length: columns }, (_, column) =>
    setText(`${axes[1]} ${column}`, {
      ...names,
      x: before + (column + 0.5) * width,
      y: above - 6,
      anchor: 'middle',
    }),
  );
  const size = { width: before + columns * width, height: above + rows * height };
  const bar = colourBar(name, range, 2 * width, ['', '']);
  const scale = composed({ width: size.width, height: bar.height }, [{ drawing: bar, left: before, top: 0 }]);
  const drawn = ofShapes(size, [...cells, ...ofRows, ...ofColumns]);
  return withMargin(stacked([paragraph(title, 'heading', Math.max(size.width, 300)), drawn, scale], 8), 16);
}

function hex(colour: readonly number[]): string {
  return `#${colour.map((level) => level.toString(16).padStart(2, '0')).join('')}`;
}
