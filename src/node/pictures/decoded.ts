import type { Picture } from '../../image/picture.js';

/** What a decoder makes of a file. */
export interface Decoded {
  /** The first picture, as it lies in the file. */
  readonly picture: Picture;
  /** How it is to be turned, by EXIF: 1, not at all, to 8. */
  readonly orientation: number;
  /** How many pictures the file holds. */
  readonly pages: number;
}
