import {
  colormap,
  rangeOf,
  type ColormapName,
  type Geometry,
  type PatchMap,
  type Picture,
  type Range,
} from '../image/index.js';
import { anObject, aText, expectParts, type Expectation } from '../given.js';
import { checkPicture } from '../image/given.js';
import type { ComputedMap } from '../pipeline/index.js';
import { colourBar } from './colour-bar.js';
import { density, inRow, stacked, withMargin, type Drawing } from './drawing.js';
import { fittingColormap } from './fitting-colormap.js';
import { mapTile } from './map-tile.js';
import { numberInWords } from './number-in-words.js';
import { once } from './once.js';
import { seenPicture } from './seen.js';
import { lines, paragraph } from './words.js';

/** Which maps share a scale, from the smallest value to the largest of all of them: none, those of a row, or all. */
export const scales = ['map', 'row', 'all'] as const;
export type Scale = (typeof scales)[number];

/** What a sheet says of its scale. */
const saidOf: Readonly<Record<Scale, string>> = {
  map: 'each map from its own smallest value to its own largest, which stand below it',
  row: 'the maps of a row on one scale, which stands below it',
  all: 'all maps on one scale',
};

/** A map of a sheet, with what stands below it. */
export interface SheetMap {
  readonly map: PatchMap;
  readonly caption: string;
}

/** Maps of one picture, laid out in rows. */
export interface Sheet {
  readonly title: string;
  readonly picture: Picture;
  readonly geometry: Geometry;
  readonly colormap: ColormapName;
  readonly rows: readonly (readonly SheetMap[])[];
  /** How many maps of a single row stand side by side; if left out, so many that it is about a square. */
  readonly columns?: number;
  readonly scale: Scale;
  /** What else is said, line by line. */
  readonly notes?: readonly string[];
}

const someRows: Expectation<Sheet['rows']> = {
  words: 'a list of rows, each of at least one map',
  fits: (value): value is Sheet['rows'] =>
    Array.isArray(value) && value.length > 0 && value.every((row) => Array.isArray(row) && row.length > 0),
};

const aScale: Expectation<Scale> = {
  words: scales.map((scale) => `'${scale}'`).join(', '),
  fits: (value): value is Scale => scales.some((scale) => scale === value),
};

const [gap, margin] = [10, 16];
/** How wide and high a sheet is if there is room, and how long the sides of its maps are at most and at least, so that captions have room. */
const [widest, tallest, largest, smallest] = [1100, 1600, 224, 72];

/** Maps of one picture as people compare them: in rows, with captions, and what their colours stand for. */
export function drawSheet(sheet: Sheet): Drawing {
  expectParts('drawSheet: the sheet', sheet, {
    title: aText,
    geometry: anObject,
    rows: someRows,
    scale: aScale,
  });
  checkPicture('drawSheet', sheet.picture);
  const { title, rows, scale, colormap: name, notes = [] } = sheet;
  // A single row is laid out in lines; of several, each is one, so that columns mean something.
  const most = rows.length > 1 ? Infinity : (sheet.columns ?? columnsOf(rows[0].length));
  const columns = Math.min(most, Math.max(...rows.map((row) => row.length)));
  const across = (widest + gap) / columns - gap;
  // Below each map stand a caption and numbers, or half of a colour bar.
  const down = rows.length > 1 ? tallest / rows.length - 4 * gap : Infinity;
  const width = Math.floor(Math.min(largest, Math.max(smallest, Math.min(across, down))));
  const seen = seenPicture(sheet.picture, sheet.geometry, width * density);
  const ranges = rangesOf(sheet);
  const drawn = rows.flatMap((row, r) => {
    const cells = row.map(({ map, caption }, c) => {
      const { drawing, range } = mapTile(seen, map, name, ranges(r, c));
      const below = [paragraph(caption, 'body', width)];
      if (scale === 'map') below.push(lines([range.map(numberInWords).join(' … ')], 'small', width));
      return stacked([drawing, stacked(below, 0)], 3);
    });
    const inLines = inRowsOf(cells, Math.min(most, cells.length)).map((line) => inRow(line, gap));
    const bar = scale === 'row' ? [colourBar(name, ranges(r, 0)!, Math.max(width, smallest * 2))] : [];
    return [...inLines.slice(0, -1), stacked([inLines[inLines.length - 1], ...bar], 4)];
  });
  const total = Math.max(columns * (width + gap) - gap, 2 * largest);
  const bar = scale === 'all' ? [colourBar(name, ranges(0, 0)!, largest)] : [];
  const said = [`Colours: ${saidOf[scale]}.`, ...notes].map((note) => paragraph(note, 'note', total));
  const head = paragraph(title, 'title', total);
  return withMargin(stacked([head, ...drawn, ...bar, stacked(said, 2)], gap), margin);
}

/** The range of each cell, by row and column; undefined where it is the map's own. */
export function rangesOf({
  rows,
  scale,
  colormap: name,
}: Sheet): (row: number, column: number) => Range | undefined {
  const { diverging } = colormap(name);
  const shared = (cells: readonly SheetMap[]): Range =>
    rangeOf(
      cells.flatMap(({ map }) => Array.from(map.values)),
      diverging,
    );
  if (scale === 'map') return () => undefined;
  const ofAll = once(() => shared(rows.flat()));
  const ofRows = rows.map(scale === 'row' ? shared : ofAll);
  return (row) => ofRows[row];
}

/** A list in rows of at most so many. */
export function inRowsOf<Item>(items: readonly Item[], most: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / most) }, (_, row) =>
    items.slice(row * most, (row + 1) * most),
  );
}

/** How many tiles stand side by side: a few in one row, more in about a square, pairs beside each other. */
export function columnsOf(count: number): number {
  return count <= 4 ? count : 2 * Math.ceil(Math.sqrt(count) / 2);
}

/** The maps of a view, each with its caption. */
export function cellsOf({ captions, grid, values, method }: ComputedMap): readonly SheetMap[] {
  const patches = grid[0] * grid[1];
  return (captions ?? [method.name]).map((caption, i) => ({
    caption,
    map: { grid, values: values.slice(i * patches, (i + 1) * patches) },
  }));
}

/**
 * The maps of a view side by side, each on its own scale.
 * @param name what suits the maps if left out
 */
export function sheetOfView(picture: Picture, map: ComputedMap, name?: ColormapName): Drawing {
  const cells = cellsOf(map);
  return drawSheet({
    title: map.method.name,
    picture,
    geometry: map.geometry,
    colormap: name ?? fittingColormap(map),
    rows: [cells],
    scale: 'map',
  });
}
