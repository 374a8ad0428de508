import type { Explained, Failed, RecordedMap } from './record.js';

/** Where the numbers of a map are in an array of many pictures. */
export interface ArrayPlace {
  /** Below the folder for the results. */
  readonly file: string;
  /** Along its first axis. */
  readonly row: number;
}

/** A picture of the batch and what became of it: a line of the table. */
export interface Row {
  readonly picture: string;
  /** As a list has it. */
  readonly given?: string | undefined;
  readonly record: Explained | Pick<Failed, 'failure'>;
  readonly array?: ArrayPlace | undefined;
}

/** A map without its numbers, which are in arrays. */
export function toldMap(map: RecordedMap): RecordedMap | Omit<RecordedMap, 'values'> {
  // JSON leaves out what is undefined.
  return { ...map, values: undefined };
}
