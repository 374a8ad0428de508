import {
  interpolateCividis,
  interpolateInferno,
  interpolateMagma,
  interpolatePlasma,
  interpolateRdBu,
  interpolateTurbo,
  interpolateViridis,
} from 'd3-scale-chromatic';
import { UsageError } from '../errors.js';
import { described } from '../given.js';

export interface Colormap {
  readonly name: ColormapName;
  /** True if the middle stands for zero and the two ends for opposite signs. */
  readonly diverging: boolean;
  /** True if it hides the photograph wherever the map is: what is looked at is the map alone. */
  readonly opaque: boolean;
  /** From the lowest value to the highest, red green blue. [256, 3] */
  readonly table: Uint8Array;
}

type Rgb = readonly [number, number, number];
type Interpolator = (position: number) => string;

/** The classic rainbow: each channel a trapezoid, blue rising first, red falling last. */
function jet(position: number): Rgb {
  const channel = (center: number) => {
    const height = 1.5 - Math.abs(4 * position - center);
    return Math.round(255 * Math.min(1, Math.max(0, height)));
  };
  return [channel(3), channel(2), channel(1)];
}

/** d3 writes a colour as '#rrggbb' or as 'rgb(r, g, b)'. */
function parseColor(color: string): Rgb {
  const [red, green, blue] = color.startsWith('#')
    ? [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16))
    : Array.from(color.matchAll(/\d+/g), Number);
  return [red, green, blue];
}

const fromD3 = (interpolate: Interpolator) => (position: number) => parseColor(interpolate(position));

const sequential = {
  turbo: fromD3(interpolateTurbo),
  viridis: fromD3(interpolateViridis),
  inferno: fromD3(interpolateInferno),
  magma: fromD3(interpolateMagma),
  plasma: fromD3(interpolatePlasma),
  cividis: fromD3(interpolateCividis),
  jet,
};

const diverging = {
  // Reversed, so that red stands for positive and blue for negative: the usual reading of evidence.
  rdbu_r: fromD3((position) => interpolateRdBu(1 - position)),
};

const opaque = {
  gray: (position: number): Rgb => {
    const level = Math.round(255 * position);
    return [level, level, level];
  },
};

const colors = { ...sequential, ...diverging, ...opaque };

export type ColormapName = keyof typeof colors;

/** The names that `colormap` knows. */
export const colormapNames = Object.keys(colors) as readonly ColormapName[];

function isKnown(name: string): name is ColormapName {
  return Object.hasOwn(colors, name);
}

/**
 * The colour map of that name, under matplotlib's names: turbo, viridis, inferno, magma, plasma, cividis, jet,
 * rdbu_r (diverging: negative blue, zero white, positive red), and gray, which hides the photograph.
 *
 * @throws UsageError if there is none of that name; the message lists the known ones
 * Source: the tables of d3-scale-chromatic; jet by its formula.
 */
export function colormap(name: string): Colormap {
  if (!isKnown(name))
    throw new UsageError(
      `There is no colour map ${described(name)}; choose one of ${colormapNames.join(', ')}.`,
    );
  const [isDiverging, isOpaque] = [diverging, opaque].map((group) => Object.hasOwn(group, name));
  const table = tables.get(name) ?? buildTable(colors[name]);
  tables.set(name, table);
  // A copy, so that nobody writes into that of the others.
  return { name, diverging: isDiverging, opaque: isOpaque, table: table.slice() };
}

/** A panel asks for the same a dozen times, and a table takes milliseconds. */
const tables = new Map<ColormapName, Uint8Array>();

function buildTable(colorAt: (position: number) => Rgb): Uint8Array {
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) table.set(colorAt(i / 255), 3 * i);
  return table;
}
