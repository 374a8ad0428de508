import { DataError } from '../../errors.js';
import type { Listed } from './listings.js';
import type { MatArrays } from './mat.js';

const CLASSES = 102;

/** Flowers102's parts, of which the first two are learned from. */
const parts = { train: ['trnid', 'valid'], test: ['tstid'] } as const;

/**
 * Flowers102's pictures: `imagelabels.mat` has a class from 1 for each, `setid.mat` the numbers of the pictures of each part.
 * @param folder the set's, for messages
 * @throws DataError if a part is missing, or a number is of no picture or of no class
 * Source: Nilsback and Zisserman, "Automated Flower Classification over a Large Number of Classes", 2008.
 */
export function flowersList(
  labels: MatArrays,
  split: MatArrays,
  folder: string,
): Readonly<Record<keyof typeof parts, readonly Listed[]>> {
  const fail = (what: string): never => {
    throw new DataError(`The flowers of "${folder}" cannot be read: ${what}; fetch the set again.`);
  };
  const all = labels.get('labels') ?? fail('"imagelabels.mat" holds no "labels"');
  const listed = (names: readonly string[]): Listed[] =>
    names.flatMap((name) => {
      const numbers = split.get(name) ?? fail(`"setid.mat" holds no "${name}"`);
      return Array.from(numbers, (number) => {
        const label = all[number - 1] as number | undefined;
        if (label === undefined)
          return fail(`"setid.mat" names picture ${number}, and there are ${all.length} labels`);
        if (!(label >= 1 && label <= CLASSES))
          return fail(`picture ${number} is of class ${label}, of ${CLASSES}`);
        return { file: `image_${String(number).padStart(5, '0')}.jpg`, label: label - 1 };
      });
    });
  return { train: listed(parts.train), test: listed(parts.test) };
}

/** The set has no names for its classes; numbers are what papers count them by. */
export const flowersClasses: readonly string[] = Array.from(
  { length: CLASSES },
  (_, label) => `flower ${label + 1}`,
);
