import { aMethod } from '../explain/method.js';
import { anObject, expectParts } from '../given.js';
import { overlay, type ColormapName, type Picture } from '../image/index.js';
import type { ChosenMethod } from './chosen-methods.js';
import type { ComputedMap } from './explainer.js';

/**
 * A map over the picture that it explains.
 * @param colormap what suits the map if left out
 */
export function drawMap(picture: Picture, map: ComputedMap, colormap?: ColormapName): Picture {
  expectParts('drawMap: the map', map, { method: aMethod, geometry: anObject });
  return overlay(picture, map, map.geometry, { colormap: colormap ?? fittingColormap(map) });
}

/** What suits the maps of a method: a diverging one where negative values speak against the class. */
export function fittingColormap({ method, options }: ChosenMethod): ColormapName {
  return method.shows(options) === 'signed' ? 'rdbu_r' : 'turbo';
}
