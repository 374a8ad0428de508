import { UsageError } from '../errors.js';
import { aText, described, expectGiven, listOf, values, wholeNumber } from '../given.js';
import { largestFirst, type Values } from '../tensor/index.js';
import { shortLabel } from './registry/class-names.js';

const texts = listOf('texts', aText);

export interface Prediction {
  readonly index: number;
  /** The first of the class's names. */
  readonly label: string;
  readonly logit: number;
  /** Softmax over all classes. */
  readonly probability: number;
}

/**
 * The `count` most probable classes, most probable first; of equals, the higher index, as ranks are counted on a device: so
 * the first class told is the one that is explained.
 * @param logits one a class
 * @param labels comma-separated synonyms of each class, by index
 */
export function mostProbable(logits: Values, labels: readonly string[], count: number): Prediction[] {
  expectGiven('mostProbable: the logits', logits, values);
  expectGiven('mostProbable: the count', count, wholeNumber(0));
  if (!texts.fits(labels) || labels.length < logits.length) {
    throw new UsageError(
      `mostProbable: ${logits.length} logits and ${described(labels)} for labels; give each class one.`,
    );
  }
  const scores = Array.from(logits);
  const highest = Math.max(...scores);
  const exponentials = scores.map((logit) => Math.exp(logit - highest));
  const total = exponentials.reduce((a, b) => a + b, 0);
  return largestFirst(logits)
    .slice(0, count)
    .map((index) => ({
      index,
      label: shortLabel(labels[index]),
      logit: scores[index],
      probability: exponentials[index] / total,
    }));
}
