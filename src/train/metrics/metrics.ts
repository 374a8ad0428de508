import { classScores, confusion, type ClassScores, type Confusion } from './confusion.js';
import { predicted, rocAuc, topK } from './ranks.js';

/** What a classifier is worth, on pictures that it did not learn from. In 0..1. */
export interface Metrics extends ClassScores {
  readonly pictures: number;
  /** The share that was taken for what it is. */
  readonly accuracy: number;
  /** The share whose class was among the five most probable; undefined where there are no more classes than five. */
  readonly top5: number | undefined;
  /** One class against the rest, the mean over the classes. */
  readonly auc: number;
  readonly confusion: Confusion;
}

/**
 * @param probabilities of each picture. [pictures, classes]
 * @param labels one a picture
 */
export function metricsOf(probabilities: ArrayLike<number>, labels: ArrayLike<number>): Metrics {
  const pictures = labels.length;
  const classes = probabilities.length / pictures;
  const confused = confusion(predicted(probabilities, pictures), labels, classes);
  return {
    pictures,
    accuracy: topK(probabilities, labels, 1),
    top5: classes > 5 ? topK(probabilities, labels, 5) : undefined,
    ...classScores(confused),
    auc: rocAuc(probabilities, labels),
    confusion: confused,
  };
}
