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
}

/** What a measure cannot do without. */
export type Needs = 'masks' | 'patches' | 'pixels';

/** How good an explanation is, as a number. Tables, options and documents are loops over a list of these. */
export interface Measure {
  /** In options, tables and files. */
  readonly name: string;
  readonly better: 'higher' | 'lower';
  readonly needs: Needs;
  /** What it tells, in a few words. */
  readonly help: string;
  /** Digits behind the point in a table. */
  readonly digits: number;
  /** Undefined where it has no meaning for this map: then it does not enter a mean over pictures. */
  readonly of: (evidence: Evidence) => number | undefined;
}
