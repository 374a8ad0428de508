import type { Prediction } from '../../models/index.js';
import type { Statistics } from './statistics.js';

/** Classes that are kept of a picture: the most probable ones. */
export const PREDICTIONS = 5;

/** What is kept of a map. */
export interface RecordedMap extends Statistics {
  readonly method: string;
  /** Of a method of a class the class; null for others. */
  readonly class: number | null;
  readonly label?: string;
  /** What is explained if it is not the logit of a class, as a document says it. */
  readonly target?: string;
  /** Rows and columns of patches. */
  readonly grid: readonly [number, number];
  /** The picture drawn of it, below the folder for the results. */
  readonly file?: string;
  /** Its float32 numbers, row by row, in base64. */
  readonly values?: string;
  readonly note?: string;
}

/** What was found out about a picture, or why nothing was: a line of a part. */
export type Record = Explained | Failed;

export interface Explained {
  readonly key: string;
  /** Pixels of the original. */
  readonly width: number;
  readonly height: number;
  /** What a person must know of how it was read. */
  readonly note?: string;
  readonly predictions: readonly Prediction[];
  readonly maps: readonly RecordedMap[];
}

export interface Failed {
  readonly key: string;
  /** A sentence, with `nameless` for what the picture is called: the same picture may go by several names. */
  readonly failure: string;
  /** Whether it may be otherwise another time: the picture could not be had, or what worked on it came to its end. */
  readonly isPassing?: true;
}

const nameless = '{picture}';

export function isFailed(record: Record): record is Failed {
  return 'failure' in record;
}

/** What went wrong with a picture, for whatever picture of the same bytes. */
export function failureOf(key: string, message: string, name: string): Failed {
  return { key, failure: message.replaceAll(name, nameless) };
}

/** What went wrong with a picture this time. */
export function passingFailureOf(key: string, message: string, name: string): Failed {
  return { ...failureOf(key, message, name), isPassing: true };
}

/** The sentence about the picture of that name. */
export function failureInWords({ failure }: Pick<Failed, 'failure'>, name: string): string {
  return failure.replaceAll(nameless, () => name);
}
