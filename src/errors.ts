import { legible } from './legible.js';

/**
 * Every failure that a person can do something about is a `VitrineError`: its message says what was given,
 * what was expected and what to do. The command line prints the message alone and exits with 2.
 * One subclass for each family, so that callers can tell them apart. A message may name what others chose, such as files:
 * it is made legible here, once for all; lines that are set in below the sentence are a list, and stay lines.
 */
export class VitrineError extends Error {
  override name = 'VitrineError';

  constructor(message: string, options?: ErrorOptions) {
    super(
      message
        .split(/\n(?= {2})/)
        .map(legible)
        .join('\n'),
      options,
    );
  }
}

/** Shapes, axes or values that an operation cannot take. */
export class ShapeError extends VitrineError {
  override name = 'ShapeError';
}

/** A picture that is missing, damaged or of no known format. */
export class ImageError extends VitrineError {
  override name = 'ImageError';
}

/** A checkpoint that is missing, damaged or does not fit the model. */
export class WeightsError extends VitrineError {
  override name = 'WeightsError';
}

/** No usable adapter, a lost device, or a kernel that the driver refuses. */
export class DeviceError extends VitrineError {
  override name = 'DeviceError';
}

/** An option, a class name or a path that makes no sense. */
export class UsageError extends VitrineError {
  override name = 'UsageError';
}

/** A data set, or a file of one, that cannot be read. */
export class DataError extends VitrineError {
  override name = 'DataError';
}
