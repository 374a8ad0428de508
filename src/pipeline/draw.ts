import { aMethod } from '../explain/method.js';
import { anObject, expectParts } from '../given.js';
import { overlay, type ColormapName, type Picture } from '../image/index.js';
import type { ComputedMap } from './explainer.js';

/**
 * A map over the picture that it explains.
 * @param colormap what suits the map if left out: a diverging one where negative values speak against the class
 */
export function drawMap(picture: Picture, map: ComputedMap, colormap?: ColormapName): Picture {
  expectParts('drawMap: the map', map, { method: aMethod, geometry: anObject });
  const fitting = map.method.shows(map.options) === 'signed' ? 'rdbu_r' : 'turbo';
  return overlay(picture, map, map.geometry, { colormap: colormap ?? fitting });
}
