import { ImageError } from '../../errors.js';

/** Bytes of a picture in an archive: more than any has, and as much as is read at once. */
const LARGEST = 2 ** 30;

/**
 * Archives say how much room their pictures take, which is believed up to here.
 * @throws ImageError if it is too much
 */
export function refuseTooLarge(size: number, name: string): void {
  if (size <= LARGEST) return;
  throw new ImageError(
    `${name} cannot be read: its archive says that it has ${size} bytes, more than 1 GiB.`,
  );
}
