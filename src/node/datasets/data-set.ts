import type { Mask, Size } from '../../image/index.js';

/** An object in a picture, as a data set has it. */
export interface DataObject {
  /** As the data set names it: an index, a name or a WordNet id; undefined if it does not say. */
  readonly class: string | number | undefined;
  readonly mask: MaskFile | undefined;
}

/** Where a mask is, and what of it is the object. */
export interface MaskFile {
  readonly path: string;
  /** How the colours of the file are read. */
  readonly reading: MaskReading;
}

/** @throws ImageError for a mask that does not say what its object is */
export type MaskReading = (mask: Size & { readonly data: Uint8Array }) => Mask;

/** A picture of a data set. */
export interface DataPicture {
  /** Below the data set's folder. */
  readonly name: string;
  readonly path: string;
  /** None where the data set says nothing of its content: then the most probable class is explained. */
  readonly objects: readonly DataObject[];
  /** Why it cannot be taken, for the end of a sentence that begins with its name; mostly undefined. */
  readonly trouble?: string | undefined;
}

/** Pictures that explanations are measured on. */
export interface DataSet {
  readonly folder: string;
  /** How its folder is laid out. */
  readonly layout: string;
  readonly pictures: readonly DataPicture[];
}

/** A way in which data sets are laid out. */
export interface Layout {
  readonly name: string;
  /** What its folder holds: all of these. */
  readonly signs: readonly string[];
  /** @param isResult whether a picture that nobody lists is a result of an evaluation, and no picture of the set */
  readonly read: (folder: string, isResult: (path: string) => boolean) => Promise<readonly DataPicture[]>;
}
