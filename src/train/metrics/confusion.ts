/** How often a picture of one class was taken for another. [classes, classes], rows are what is shown, columns what was said */
export interface Confusion {
  readonly classes: number;
  readonly counts: Float64Array;
}

/** @param predictions and @param labels of the same pictures */
export function confusion(
  predictions: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): Confusion {
  const counts = new Float64Array(classes * classes);
  for (let i = 0; i < labels.length; i++) counts[labels[i] * classes + predictions[i]]++;
  return { classes, counts };
}

/** Means over the classes, each counting as much as another; in 0..1. */
export interface ClassScores {
  /** Of those that were said to be of a class, how many are. */
  readonly precision: number;
  /** Of those of a class, how many were said to be. */
  readonly recall: number;
  /** The harmonic mean of the two, class by class. */
  readonly f1: number;
}

/**
 * Precision, recall and F1 of each class, and their means over the classes that are shown or were said. What has nothing to be
 * divided by counts 0.
 * Source: scikit-learn's `precision_recall_fscore_support`, macro, `zero_division=0`.
 */
export function classScores({ classes, counts }: Confusion): ClassScores {
  const sums = { precision: 0, recall: 0, f1: 0 };
  let seen = 0;
  for (let label = 0; label < classes; label++) {
    const right = counts[label * classes + label];
    let [shown, said] = [0, 0];
    for (let other = 0; other < classes; other++) {
      shown += counts[label * classes + other];
      said += counts[other * classes + label];
    }
    if (shown + said === 0) continue;
    seen++;
    sums.precision += said === 0 ? 0 : right / said;
    sums.recall += shown === 0 ? 0 : right / shown;
    sums.f1 += (2 * right) / (shown + said);
  }
  return { precision: sums.precision / seen, recall: sums.recall / seen, f1: sums.f1 / seen };
}
