import { colormap, overlay, rangeOf, scaleToUnit, type Picture, type Shows } from 'vitrine';
import type { MapFacts } from '../protocol.js';

/** What suits a map's numbers: evidence has two colours, neurons are grey. */
const fitting = {
  positive: 'turbo',
  signed: 'rdbu_r',
  level: 'turbo',
  activation: 'gray',
} as const satisfies Record<Shows, string>;

export type Fitting = (typeof fitting)[Shows] | 'viridis';

export function fittingColormap(shows: Shows): Fitting {
  return fitting[shows];
}

/** Puts a picture on a canvas, which takes its size. */
export function paintPicture(canvas: HTMLCanvasElement, { width, height, data }: Picture): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const pixels = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    pixels.data[4 * i] = data[3 * i];
    pixels.data[4 * i + 1] = data[3 * i + 1];
    pixels.data[4 * i + 2] = data[3 * i + 2];
    pixels.data[4 * i + 3] = 255;
  }
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
}

/** The map over the picture, as the command draws it. */
export function paintMap(
  canvas: HTMLCanvasElement,
  picture: Picture,
  { values, grid, geometry, shows }: Pick<MapFacts, 'values' | 'grid' | 'geometry' | 'shows'>,
  opacity: number,
): void {
  const options = { colormap: fittingColormap(shows), opacity };
  paintPicture(canvas, overlay(picture, { values, grid }, geometry, options));
}

/** A map by itself, a pixel a patch: the canvas is drawn large by the page's style. */
export function paintGrid(
  canvas: HTMLCanvasElement,
  values: ArrayLike<number>,
  [rows, columns]: readonly [number, number],
  name: Fitting,
): void {
  const { table, diverging } = colormap(name);
  const unit = scaleToUnit(values, rangeOf(values, diverging), diverging);
  const data = new Uint8Array(3 * rows * columns);
  for (let i = 0; i < rows * columns; i++) {
    const level = Math.round(255 * unit[i]);
    data.set(table.subarray(3 * level, 3 * level + 3), 3 * i);
  }
  paintPicture(canvas, { width: columns, height: rows, data });
}
