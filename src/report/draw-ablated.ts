import { colormap, rangeOf, type ColormapName, type PatchMap, type Picture } from '../image/index.js';
import { differenceOf, type ComputedMap } from '../pipeline/index.js';
import { density, inRow, stacked, withMargin, type Drawing } from './drawing.js';
import { fittingColormap } from './fitting-colormap.js';
import { mapTile, withColourBar } from './map-tile.js';
import { seenPicture, type SeenPicture } from './seen.js';
import { cellsOf } from './sheet.js';
import { paragraph } from './words.js';

const [side, gap, margin] = [224, 14, 16];

/** Maps before and after, on one scale, and what has changed. */
export interface Change {
  readonly caption: string;
  readonly drawing: Drawing;
}

/**
 * A map before and after something was taken out, on one scale, and what that changed: red where there is more, blue where there
 * is less.
 * @param words what was taken out
 */
export function changesOf(
  seen: SeenPicture,
  before: PatchMap,
  after: PatchMap,
  words: string,
  name: ColormapName,
): readonly [Drawing, Change, Change] {
  const range = rangeOf(
    [...Array.from(before.values), ...Array.from(after.values)],
    colormap(name).diverging,
  );
  const difference = { grid: before.grid, values: differenceOf(before.values, after.values) };
  return [
    withColourBar(mapTile(seen, before, name, range), name),
    { caption: words, drawing: withColourBar(mapTile(seen, after, name, range), name) },
    {
      caption: 'the difference',
      drawing: withColourBar(mapTile(seen, difference, 'rdbu_r'), 'rdbu_r', ['less', 'more']),
    },
  ];
}

/** All maps of a method before and after, in rows of three. */
export function drawAblated(
  picture: Picture,
  before: ComputedMap,
  after: Pick<ComputedMap, 'values'>,
  words: string,
  given?: ColormapName,
): Drawing {
  const seen = seenPicture(picture, before.geometry, side * density);
  const name = given ?? fittingColormap(before);
  const [from, to] = [before, { ...before, values: after.values }].map(cellsOf);
  const width = seen.size.width / density;
  const rows = from.map(({ caption, map }, i) => {
    const [own, ...changes] = changesOf(seen, map, to[i].map, words, name);
    const tiles = [{ caption, drawing: own }, ...changes];
    return inRow(
      tiles.map((tile) => stacked([tile.drawing, paragraph(tile.caption, 'body', width)], 3)),
      gap,
    );
  });
  return withMargin(stacked(rows, gap), margin);
}
