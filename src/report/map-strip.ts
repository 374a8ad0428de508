import type { Geometry, PatchMap, Picture } from '../image/index.js';
import { density, inRow, ofPictureLater, stacked, withMargin, type Drawing } from './drawing.js';
import { mapTile } from './map-tile.js';
import { seenPicture } from './seen.js';
import { paragraph } from './words.js';

/** A picture, and several maps of it. */
export interface MappedPicture {
  readonly picture: Picture;
  readonly geometry: Geometry;
  /** What it shows. */
  readonly caption: string;
  readonly maps: readonly PatchMap[];
}

const [side, gap, margin] = [112, 8, 16];

/** Pictures beside each other, below each its maps: looked at one after the other, such strips show how attention forms. */
export function mapStrip(title: string, pictures: readonly MappedPicture[]): Drawing {
  const columns = pictures.map(({ picture, geometry, caption, maps }) => {
    const seen = seenPicture(picture, geometry, side * density);
    const tiles = maps.map((map) => mapTile(seen, map, 'turbo').drawing);
    return stacked(
      [ofPictureLater(seen.size, seen.picture), ...tiles, paragraph(caption, 'body', side, 1)],
      gap,
    );
  });
  const strip = inRow(columns, gap);
  return withMargin(stacked([paragraph(title, 'heading', Math.max(strip.width, 320)), strip], gap), margin);
}
