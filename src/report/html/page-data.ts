import type { Colormap, ColormapName, Size } from '../../image/index.js';
import type { Explanation } from '../../pipeline/index.js';
import type { StoredAttention } from './stored-attention.js';

/*
 * What a page's script finds in its page, beside the document of the picture.
 */

/**
 * The elements that hold data, by what is in them. The codes of attention, which are most of a page, are one of their own: in JSON
 * each of their letters would be looked at, whether it has to be escaped.
 */
export const elements = { data: 'page-data', codes: 'attention-codes', document: 'explanation' } as const;

/** The id of a picture as the model saw it. */
export const pictureId = (picture: number): string => `picture-${picture}`;

/** Which values of an explanation a map is of. */
export type Part = 'values' | 'ablated' | 'difference';

/** One map. Its values are in the document. */
export interface PageMap {
  readonly heading: string;
  /** What it shows. */
  readonly words: string;
  readonly explanation: number;
  readonly part: Part;
  /** Of the maps of a view, the number of this one. */
  readonly cell: number;
  readonly colormap: ColormapName;
  /** What values below 0 and above it mean, if there are both. */
  readonly ends?: readonly [below: string, above: string];
  /** Over which picture it lies. */
  readonly picture: number;
}

/** A colour map by its name, its colours as base64. */
export interface PageColours extends Pick<Colormap, 'name' | 'diverging' | 'opaque'> {
  readonly table: string;
}

export interface PageData {
  readonly colours: readonly PageColours[];
  readonly maps: readonly PageMap[];
  /** As the model saw them, one for each way of making a picture ready. */
  readonly pictures: readonly Size[];
  /** Undefined: what suits each map. */
  readonly colormap?: ColormapName;
  /** Left out if there is none; its codes are empty here and in an element of their own. */
  readonly attention?: StoredAttention;
}

/** The values of a map, of all that its explanation has. */
export function valuesOfMap(
  { grid, values, ablated }: Explanation,
  { part, cell }: PageMap,
): readonly number[] {
  const patches = grid[0] * grid[1];
  const all = part === 'values' ? values : ablated![part === 'ablated' ? 'values' : 'difference'];
  return all.slice(cell * patches, (cell + 1) * patches);
}
