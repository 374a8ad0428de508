import type { Evidence, Measure } from '../measure.js';

/*
 * How alike the maps of one method are, by the rank correlation of patches, when something changes that should change them, or
 * that should not.
 */

function mean(values: readonly (number | undefined)[] | undefined): number | undefined {
  const known = (values ?? []).filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function likeness(
  about: Omit<Measure, 'digits' | 'of'>,
  of: (likeness: NonNullable<Evidence['likeness']>) => readonly (number | undefined)[] | undefined,
): Measure {
  return { ...about, digits: 3, of: ({ likeness: known }) => known && mean(of(known)) };
}

/**
 * The map of one class beside that of another in the same picture. A method of which all are alike is blind to classes.
 */
export const classLikenessMeasure = likeness(
  {
    name: 'other-class',
    better: 'lower',
    needs: 'other-class',
    help: 'how alike the maps of two classes of one picture are; 1: blind to the class',
  },
  ({ otherClass }) => [otherClass],
);

/**
 * The map beside those of models whose weights are random, block by block from the classifier down. One that stays is no
 * explanation of the model.
 * Source: Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018, the cascading randomization.
 */
export const randomizedMeasure = likeness(
  {
    name: 'randomized',
    better: 'lower',
    needs: 'randomized',
    help: 'how alike the map is to those of models whose weights are random from the top down to some block',
  },
  ({ randomized }) => randomized,
);

/** A little noise on the picture, which no eye minds. */
export const noiseMeasure = likeness(
  { name: 'noise', better: 'higher', needs: 'noise', help: 'how alike the map stays under a little noise' },
  ({ noise }) => [noise],
);

/** The picture moved by one patch, the map moved back. */
export const shiftMeasure = likeness(
  {
    name: 'shift',
    better: 'higher',
    needs: 'shift',
    help: 'how alike the map stays, moved along, when the picture is moved by one patch',
  },
  ({ shift }) => [shift],
);

/** No method is right because others say the same; but one that agrees with none wants a look. */
export const agreementMeasure = likeness(
  {
    name: 'agreement',
    better: 'neither',
    needs: 'methods',
    help: 'how alike the map is to those of the other methods',
  },
  ({ methods }) => methods,
);
