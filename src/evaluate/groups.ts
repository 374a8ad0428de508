import { UsageError } from '../errors.js';
import type { Measure, Needs } from './measure.js';
import { measures } from './measures.js';

/** What stands for several measures: all that need one of these. */
export const measureGroups: Readonly<Record<string, readonly Needs[]>> = {
  localisation: ['masks'],
  objects: ['objects'],
  faithfulness: ['patches'],
  perturbation: ['pixels'],
  sanity: ['other-class', 'randomized'],
  stability: ['noise', 'shift'],
  agreement: ['methods'],
  all: ['masks', 'objects', 'patches', 'pixels', 'other-class', 'randomized', 'noise', 'shift', 'methods'],
};

/**
 * The measures that a list of names stands for, each once, in the order of the list of all.
 * @param names of measures or groups, separated by commas
 * @throws UsageError for a name that is none
 */
export function findMeasures(names: string): readonly Measure[] {
  const found = new Set(names.split(',').flatMap((name) => named(name.trim())));
  return measures.filter((measure) => found.has(measure));
}

function named(name: string): readonly Measure[] {
  // A group before a measure of the same name: where there is but one in it, they are the same.
  if (Object.hasOwn(measureGroups, name)) {
    return measures.filter(({ needs }) => measureGroups[name].includes(needs));
  }
  const one = measures.find((measure) => measure.name === name);
  if (one) return [one];
  const known = [...Object.keys(measureGroups), ...measures.map((measure) => measure.name)];
  throw new UsageError(`There is no measure "${name}"; choose from: ${[...new Set(known)].join(', ')}.`);
}
