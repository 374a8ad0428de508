import type { AnyMethod } from '../explain/index.js';
import type { ChosenMethod, ComputedMap, Explanation, Strip, Sweep } from '../pipeline/index.js';
import {
  cellsOf,
  drawFrames,
  drawSheet,
  fittingColormap,
  headingOf,
  type SheetMap,
  type Scale,
  type Sheet,
} from '../report/index.js';
import type { Request } from './explain-options.js';
import type { AnimationFormat, Figure, FigureContent, FigureKind } from './figures.js';
import { flagOf } from './method-options.js';
import { classNameOf, expectedClassName, figureName, type Naming } from './result-names.js';
import { digested } from './short-names.js';

/** Maps of one method and one class, of which each has other options, on one sheet. */
interface Series {
  /** What is in its name behind the method's. */
  readonly name: string;
  /** Options that are not in its name, because they differ from map to map. */
  readonly goesThrough: readonly string[];
  readonly rows: (maps: readonly ComputedMap[]) => readonly (readonly SheetMap[])[];
  readonly title: string;
  /** How many maps stand side by side, if it is a matter of how many there are. */
  readonly columns?: number;
}

const inWords: Readonly<Record<Strip, string>> = {
  layers: 'layer by layer',
  heads: 'head by head',
  all: 'a row for each layer, a column for each head',
};

/** A method at every layer, every head, or both. */
export function stripFigure(strip: Strip, scale: Scale, animation?: AnimationFormat): FigureKind {
  const blocks = ['block', 'layers'];
  return seriesFigure(scale, animation, {
    name: `strip-${strip}`,
    goesThrough: { layers: blocks, heads: ['heads'], all: [...blocks, 'heads'] }[strip],
    rows: (maps) => (strip === 'all' ? maps.map(cellsOf) : [maps.flatMap(ofStrip)]),
    title: inWords[strip],
    columns: 6,
  });
}

/** A method with every value of an option. */
export function sweepFigure(
  { option, values }: Sweep,
  text: string,
  scale: Scale,
  animation?: AnimationFormat,
): FigureKind {
  const told = flagOf(option).slice(2).replaceAll('-', ' ');
  const rows = (maps: readonly ComputedMap[]): readonly (readonly SheetMap[])[] => {
    const each = maps.map((map) => {
      const value = `${told} ${[map.options[option]].flat().join('-')}`;
      return cellsOf(map).map((cell) => ({
        ...cell,
        caption: map.captions === undefined ? value : `${value}: ${cell.caption}`,
      }));
    });
    // Of a view, each value is a row of its maps.
    return each.every((cells) => cells.length === 1) ? [each.flat()] : each;
  };
  return seriesFigure(scale, animation, {
    name: `sweep-${inName(text)}`,
    goesThrough: [option],
    rows,
    title: `${values.length} values of ${told}`,
  });
}

/** What files may not have in their names, or are better without; steps and lists of the same numbers differ. */
const signs: Readonly<Record<string, string>> = { ',': '+', ';': '_', ':': '~' };

function inName(text: string): string {
  const plain = text.replace(/\s+/g, '').replace(/^--/, '');
  return digested(plain.replace(/[^\w.+-]/g, (sign) => signs[sign] ?? '-'));
}

function ofStrip(map: ComputedMap): readonly SheetMap[] {
  if (map.captions !== undefined) return cellsOf(map);
  const { block, layers } = map.options as { readonly block?: number; readonly layers?: readonly number[] };
  return cellsOf(map).map((cell) => ({ ...cell, caption: `block ${block ?? layers?.[0] ?? ''}` }));
}

function seriesFigure(scale: Scale, animation: AnimationFormat | undefined, series: Series): FigureKind {
  const nameOf = (chosen: ChosenMethod, className: string | undefined, naming: Naming): string => {
    const options = Object.entries(chosen.options).filter(([name]) => !series.goesThrough.includes(name));
    const what = [chosen.method.name, series.name, ...(scale === 'map' ? [] : [`scale-${scale}`])];
    const classes = className === undefined ? [] : [className];
    return figureName(what, [{ ...chosen, options: Object.fromEntries(options) }], classes, naming);
  };
  return {
    expected: ({ methods, targets }, naming) =>
      distinct(methods).flatMap((chosen) => {
        const classes = chosen.method.of === 'class' ? targets.map(expectedClassName) : [undefined];
        return classes.map((className) => nameOf(chosen, className, naming));
      }),
    figures(maps, _: Request, naming) {
      const figures = new Map<string, Figure & { readonly maps: ComputedMap[] }>();
      for (const map of maps) {
        const name = nameOf(map, classNameOf(map), naming);
        const figure = figures.get(name) ?? { name, maps: [] };
        figure.maps.push(map);
        figures.set(name, figure);
      }
      return [...figures.values()];
    },
    draw: (content) => drawSheet(sheetOf(content, series, scale)),
    ...(animation && {
      animation: {
        format: animation,
        frames: (content: FigureContent) => drawFrames(sheetOf(content, series, scale)),
      },
    }),
  };
}

/** One of each method. */
function distinct(methods: readonly ChosenMethod[]): readonly ChosenMethod[] {
  return [...new Map<AnyMethod, ChosenMethod>(methods.map((chosen) => [chosen.method, chosen])).values()];
}

function sheetOf(
  { title, picture, maps, document, colormap }: FigureContent,
  series: Series,
  scale: Scale,
): Sheet {
  const { model, device, explanations } = document;
  const notes = new Set(explanations.map(({ note }) => note).filter((note) => note !== undefined));
  return {
    title: `${title}: ${headingOf(explanations[0])}, ${series.title}`,
    picture,
    geometry: maps[0].geometry,
    colormap: colormap ?? fittingColormap(maps[0]),
    rows: series.rows(maps),
    ...(series.columns === undefined ? {} : { columns: series.columns }),
    scale,
    notes: [`${model.name}; ${targetOf(explanations[0])}${device.backend}: ${device.adapter}`, ...notes],
  };
}

function targetOf({ class: index, target }: Explanation): string {
  return index === null ? '' : `${target ?? 'logit'}; `;
}
