import { createHash } from 'node:crypto';
import type { DataSet, LabelledPictures } from '../../../train/index.js';

/** By which a set is known again. */
export interface SetMark {
  /** How many there are, to learn from and to measure on. */
  readonly pictures: number;
  /** SHA-256 of the names of classes and pictures and of the pictures' labels, part by part. */
  readonly hash: string;
}

/** @param place the set's folder, which may move: pictures are called by their paths below it */
export function markOf({ classes, train, test }: DataSet, place: string): SetMark {
  const hash = createHash('sha256').update(JSON.stringify(classes));
  for (const part of [train, test]) {
    hash.update(`\n${part.labels.length}`);
    for (const line of linesOf(part, place)) hash.update(line);
  }
  return { pictures: train.labels.length + test.labels.length, hash: hash.digest('hex') };
}

function* linesOf(part: LabelledPictures, place: string): Generator<string> {
  for (let index = 0; index < part.labels.length; index++) {
    yield `\n${part.labels[index]} ${part.name(index).replace(place, '')}`;
  }
}
