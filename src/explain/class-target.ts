import { UsageError } from '../errors.js';
import { constant, expand, largestMask, subtract, type Tensor, type Values } from '../tensor/index.js';

/**
 * What is explained: the logit of one class, the difference of two logits, or the logit of the class that has the
 * given rank in each image's own prediction (0 is the most probable).
 */
export type ClassTarget =
  | { readonly kind: 'class'; readonly index: number }
  | { readonly kind: 'contrast'; readonly index: number; readonly against: number }
  | { readonly kind: 'rank'; readonly rank: number };

/**
 * The seed with which `gradient(logits, attentions, { seed })` is the gradient of a target: `sum(logits * seed)` is
 * the target of each image, added up over the batch, whose images do not touch each other. A rank is looked up on
 * the device, so the class need not be known when the program is compiled.
 * @param logits `[batch, classes]`
 * @returns `[batch, classes]`
 * @throws UsageError for a class or rank that does not exist
 */
export function targetSeed(logits: Tensor, target: ClassTarget): Tensor {
  const [, classes] = logits.shape;
  const oneHot = (index: number): number[] => {
    if (!Number.isInteger(index) || index < 0 || index >= classes) {
      throw new UsageError(`There is no class ${index}; this model has classes 0 to ${classes - 1}.`);
    }
    return Array.from({ length: classes }, (_, other) => (other === index ? 1 : 0));
  };
  switch (target.kind) {
    case 'class':
      return spread(oneHot(target.index), logits);
    case 'contrast': {
      const against = oneHot(target.against);
      return spread(
        oneHot(target.index).map((value, index) => value - against[index]),
        logits,
      );
    }
    case 'rank': {
      const { rank } = target;
      if (!Number.isInteger(rank) || rank < 0 || rank >= classes) {
        throw new UsageError(`There is no rank ${rank}; this model has ${classes} classes.`);
      }
      // The classes of the highest rank + 1 logits, without those of the highest rank logits.
      return subtract(largestMask(logits, classes - rank - 1), largestMask(logits, classes - rank));
    }
    default:
      return target satisfies never;
  }
}

function spread(values: readonly number[], logits: Tensor): Tensor {
  return expand(constant(values, [values.length]), logits.shape);
}

/**
 * The class that a target of kind `rank` means, from logits read back: ranks are counted as on the device, where of
 * equal logits the one of higher index comes first.
 * @param logits of one image
 */
export function classOfRank(logits: Values, rank: number): number {
  const order = Array.from(logits.keys()).sort((a, b) => logits[b] - logits[a] || b - a);
  return order[rank];
}
