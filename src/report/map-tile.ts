import { colormap, overlay, rangeOf, type ColormapName, type PatchMap, type Range } from '../image/index.js';
import { colourBar, type Ends } from './colour-bar.js';
import { ofPictureLater, stacked, type Drawing } from './drawing.js';
import type { SeenPicture } from './seen.js';

/** A map over what the model saw. */
export interface MapTile {
  readonly drawing: Drawing;
  /** What its colours stand for. */
  readonly range: Range;
}

/** @param range that of the map if left out */
export function mapTile(seen: SeenPicture, map: PatchMap, name: ColormapName, range?: Range): MapTile {
  const own = range ?? rangeOf(map.values, colormap(name).diverging);
  const heat = () => overlay(seen.picture(), map, seen.geometry, { colormap: name, range: own });
  return { drawing: ofPictureLater(seen.size, heat), range: own };
}

/** The same above its colour bar. */
export function withColourBar({ drawing, range }: MapTile, name: ColormapName, ends?: Ends): Drawing {
  return stacked([drawing, colourBar(name, range, drawing.width, ends)], 6);
}
