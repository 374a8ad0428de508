import { aMethod } from '../explain/method.js';
import { anObject, expectParts } from '../given.js';
import { overlay, type ColormapName, type Picture } from '../image/index.js';
import type { ComputedMap } from '../pipeline/index.js';
import { rasterise } from './drawing.js';
import { fittingColormap } from './fitting-colormap.js';
import { sheetOfView } from './sheet.js';

/**
 * A map over the picture that it explains; of a view, a sheet of its maps with captions, over what the model saw.
 * @param colormap what suits the map if left out
 */
export function drawMap(picture: Picture, map: ComputedMap, colormap?: ColormapName): Picture {
  expectParts('drawMap: the map', map, { method: aMethod, geometry: anObject });
  if (map.captions !== undefined) return rasterise(sheetOfView(picture, map, colormap));
  return overlay(picture, map, map.geometry, { colormap: colormap ?? fittingColormap(map) });
}
