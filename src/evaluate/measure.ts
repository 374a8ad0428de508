import type { Mask, PatchMap } from '../image/index.js';
import type { Curves } from './curves.js';
import type { Saliency } from './saliency.js';

/** A map beside the masks of its picture, as the model saw it. */
export interface Located {
  readonly saliency: Saliency;
  /** Of the object whose class is explained. */
  readonly object: Mask;
  /** Of the other objects in the picture. */
  readonly others: readonly Mask[];
}

/** What is known of one map. A measure takes of it what it needs. */
export interface Evidence {
  readonly map: PatchMap;
  /** Where there are masks. */
  readonly located?: Located | undefined;
  /** What became of the class when patches were removed. */
  readonly patches?: Curves | undefined;
  /** The same when pixels were blackened, in tenths. */
  readonly pixels?: Curves | undefined;
  readonly likeness?: Likeness | undefined;
}

/** How alike the map is to others of the same picture, by rank correlation; undefined where one of two has no order. */
export interface Likeness {
  /** The same method's, of another class. */
  readonly otherClass?: number | undefined;
  /** Of models that are random from the top down to a block, one after the other. */
  readonly randomized?: readonly (number | undefined)[] | undefined;
  /** Of the picture under a little noise. */
  readonly noise?: number | undefined;
  /** Of the picture moved a little. */
  readonly shift?: number | undefined;
  /** Those of all other methods. */
  readonly methods?: readonly (number | undefined)[] | undefined;
}

/** What a measure cannot do without. */
export const needs = [
  'masks',
  'objects',
  'patches',
  'pixels',
  'other-class',
  'randomized',
  'noise',
  'shift',
  'methods',
] as const;
export type Needs = (typeof needs)[number];

/** How good an explanation is, as a number. Tables, options and documents are loops over a list of these. */
export interface Measure {
  /** In options, tables and files. */
  readonly name: string;
  readonly better: 'higher' | 'lower' | 'neither';
  readonly needs: Needs;
  /** What it tells, in a few words. */
  readonly help: string;
  /** Digits behind the point in a table. */
  readonly digits: number;
  /** Undefined where it has no meaning for this map: then it does not enter a mean over pictures. */
  readonly of: (evidence: Evidence) => number | undefined;
}
