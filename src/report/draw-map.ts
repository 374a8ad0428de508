import { UsageError } from '../errors.js';
import { aMethod } from '../explain/method.js';
import { anObject, expectParts } from '../given.js';
import { overlay, type ColormapName, type Picture } from '../image/index.js';
import type { ComputedMap } from '../pipeline/index.js';
import { fittingColormap } from './fitting-colormap.js';

/**
 * A map over the picture that it explains.
 * @param colormap what suits the map if left out
 * @throws UsageError for a view, whose maps are drawn side by side: see `sheetOfView`
 */
export function drawMap(picture: Picture, map: ComputedMap, colormap?: ColormapName): Picture {
  expectParts('drawMap: the map', map, { method: aMethod, geometry: anObject });
  if (map.captions !== undefined) {
    throw new UsageError(
      `drawMap: ${map.method.name} gives ${map.captions.length} maps and no single one; draw them with sheetOfView.`,
    );
  }
  return overlay(picture, map, map.geometry, { colormap: colormap ?? fittingColormap(map) });
}
