import type { Colours } from '../../../image/index.js';
import { fromBase64 } from '../base64.js';
import type { PageData } from '../page-data.js';

/** The colour maps that a page has, by name. */
export type ColourMaps = ReadonlyMap<string, Colours>;

export function colourMapsOf({ colours }: PageData): ColourMaps {
  return new Map(colours.map(({ name, table, ...about }) => [name, { ...about, table: fromBase64(table) }]));
}
