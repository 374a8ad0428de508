import type { Shows } from '../explain/index.js';
import type { ColormapName } from '../image/index.js';
import type { ChosenMethod } from '../pipeline/index.js';

const fitting: Readonly<Record<Shows, ColormapName>> = {
  positive: 'turbo',
  signed: 'rdbu_r',
  level: 'turbo',
  activation: 'gray',
};

/** What suits the maps of a method: a diverging one where negative values speak against the class, grey for neurons. */
export function fittingColormap({ method, options }: ChosenMethod): ColormapName {
  return fitting[method.shows(options)];
}
