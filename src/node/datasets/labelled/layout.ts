import type { DataSet } from '../../../data/sets/index.js';

/** How pictures are divided where a set does not say it. */
export interface Division {
  /** Of each class, the share that is measured on. */
  readonly testShare: number;
  readonly seed: number;
}

/** A way in which sets to learn from are laid out. */
export interface LabelledLayout {
  /** As it is asked for. */
  readonly name: string;
  readonly title: string;
  /** Where it is to be had; undefined for pictures of one's own. */
  readonly home?: string;
  /** What its folder holds: all of these, each one of several names. */
  readonly signs: readonly (readonly string[])[];
  /** @throws DataError if a file of it is missing or damaged */
  readonly open: (folder: string, division: Division) => Promise<OpenedSet>;
}

/** What a person must know about a set. */
export interface OpenedSet extends DataSet {
  readonly notes?: readonly string[];
}
