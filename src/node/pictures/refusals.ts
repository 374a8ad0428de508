import { ImageError } from '../../errors.js';
import { causesOf } from '../files/failure-in-words.js';

/** A picture that takes more memory than there is, so that it may be read another time. */
export class MemoryError extends ImageError {
  override name = 'MemoryError';
}

/** What decoders, Node and the system say of it. */
const noMemory = /out of memory|insufficient memory|memory allocation|allocation failed|cannot allocate/i;

/** What a reader failed at; where that was memory, an error that says so. */
export function orShortOfMemory(path: string, error: unknown): unknown {
  if (!causesOf(error).some(({ message }) => noMemory.test(String(message)))) return error;
  return new MemoryError(
    `${path} takes more memory than there is: let it have more, or make the picture smaller.`,
    { cause: error },
  );
}

export function damaged(path: string, cause?: unknown): ImageError {
  return new ImageError(`${path} is damaged and cannot be decoded: copy or download it again.`, { cause });
}

export function cutOff(path: string, cause?: unknown): ImageError {
  return new ImageError(`${path} is cut off before the end of the picture: copy or download it again.`, {
    cause,
  });
}

export const NEITHER_COLOUR_NOR_ALPHA = 'channels that are neither colour nor alpha';
export const NOT_RGB = 'colours of a kind that cannot be converted to RGB';

/** @param held what keeps it from being read for certain, for the middle of a sentence */
export function unreadable(path: string, held: string, cause?: unknown): ImageError {
  return new ImageError(
    `${path} holds ${held}: convert it to RGB or grey with 8 or 16 unsigned bits a sample.`,
    { cause },
  );
}
