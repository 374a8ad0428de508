import type { Picture } from '../../image/picture.js';

/** A picture as it was read from a file. */
export interface PictureOfFile extends Picture {
  /** What a person must know of how it was read, as a sentence without a full stop; mostly absent. */
  readonly note?: string;
}
