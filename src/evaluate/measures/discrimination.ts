import type { Mask } from '../../image/index.js';
import type { Measure } from '../measure.js';
import type { Saliency } from '../saliency.js';
import { energy } from './energy.js';

/**
 * Of the energy on either of two objects, the share on the explained one: 0.5 for a map that does not tell them
 * apart (and weighs both equally), 1 for one that sees the explained object alone.
 * @returns undefined if there is no energy on either
 * @throws ShapeError if a mask does not fit the map or holds a value outside 0..1
 */
export function discrimination(
  map: Saliency,
  explained: Mask,
  ...others: readonly Mask[]
): number | undefined {
  const own = energy(map, explained);
  const foreign = others.reduce((sum, other) => sum + energy(map, other), 0);
  return own + foreign === 0 ? undefined : own / (own + foreign);
}

export const discriminationMeasure: Measure = {
  name: 'discrimination',
  better: 'higher',
  needs: 'masks',
  help: 'of the heat on any object, the share on the explained one, where there are several',
  digits: 3,
  of: ({ located }) =>
    located && located.others.length > 0
      ? discrimination(located.saliency, located.object, ...located.others)
      : undefined,
};
