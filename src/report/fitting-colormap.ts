import type { Shows } from '../explain/index.js';
import type { ColormapName } from '../image/index.js';
import type { ChosenMethod } from '../pipeline/index.js';

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
