import type { PatchMap, Size } from '../image/index.js';
import { ordersOf } from './removal.js';
import { upsampled } from './saliency.js';

/** Tenths of the pixels that the perturbation test blackens, from the first to the last. */
export const blackened = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** What pixels of a picture are black after each tenth, a byte a pixel: 1 if it is. */
export interface PixelStates {
  readonly mostFirst: readonly Uint8Array[];
  readonly leastFirst: readonly Uint8Array[];
}

/**
 * The states of Chefer's perturbation test: pixels by their value on the map, which is upsampled as for the eye. Of equals the
 * one of lower index goes first.
 * @throws ShapeError if the map does not fit its grid, or a value is not finite
 */
export function pixelStates(map: PatchMap, size: Size): PixelStates {
  const { mostFirst, leastFirst } = ordersOf(upsampled(map, size));
  return { mostFirst: along(mostFirst), leastFirst: along(leastFirst) };
}

function along(order: Uint32Array): Uint8Array[] {
  const state = new Uint8Array(order.length);
  let gone = 0;
  return blackened.map((tenth) => {
    for (const end = Math.floor((tenth * order.length) / 10); gone < end; gone++) state[order[gone]] = 1;
    return state.slice();
  });
}
