import { aMethod } from '../explain/method.js';
import { anObject, expectParts } from '../given.js';
import type { Shows } from '../explain/index.js';
import { contactSheet, overlay, resize, tileSize, type ColormapName, type Picture } from '../image/index.js';
import type { ChosenMethod } from './chosen-methods.js';
import type { ComputedMap } from './explainer.js';

/**
 * A map over the picture that it explains; of a view, a sheet of small ones with captions, each stretched to its own smallest
 * and largest value.
 * @param colormap what suits the map if left out
 */
export function drawMap(picture: Picture, map: ComputedMap, colormap?: ColormapName): Picture {
  expectParts('drawMap: the map', map, { method: aMethod, geometry: anObject });
  const options = { colormap: colormap ?? fittingColormap(map) };
  const { captions, grid, values, geometry } = map;
  if (captions === undefined) return overlay(picture, map, geometry, options);
  const original = tileSize(picture, captions.length);
  const small = resize(picture, original.width, original.height);
  const patches = grid[0] * grid[1];
  const tiles = captions.map((caption, i) => {
    const own = { grid, values: values.slice(i * patches, (i + 1) * patches) };
    return { caption, picture: overlay(small, own, { ...geometry, original }, options) };
  });
  return contactSheet(tiles);
}

const fitting: Readonly<Record<Shows, ColormapName>> = {
  positive: 'turbo',
  signed: 'rdbu_r',
  level: 'turbo',
  activation: 'gray',
};

/** What made maps, as far as it tells what their numbers mean. */
export interface ShownMaps extends Pick<ChosenMethod, 'options'> {
  readonly method: Pick<ChosenMethod['method'], 'shows'>;
}

/** What suits the maps of a method: a diverging one where negative values speak against the class, grey for neurons. */
export function fittingColormap({ method, options }: ShownMaps): ColormapName {
  return fitting[method.shows(options)];
}
