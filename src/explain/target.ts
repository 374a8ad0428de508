import { UsageError } from '../errors.js';
import { aText, described, expectGiven, type Expectation } from '../given.js';
import {
  add,
  concat,
  input,
  largestFirst,
  largestMask,
  matmul,
  reshape,
  subtract,
  type Tensor,
  type Values,
} from '../tensor/index.js';
import { checkTensors } from '../tensor/tensor.js';

/**
 * What is explained: the logit of one class, the difference of two logits, or the logit of the class that has the
 * given rank in each image's own prediction (0 is the most probable).
 */
export type ClassTarget =
  | { readonly kind: 'class'; readonly index: number }
  | { readonly kind: 'contrast'; readonly index: number; readonly against: number }
  | { readonly kind: 'rank'; readonly rank: number };

/**
 * The class as an input: one program explains every class and contrast, and each image of a batch another one. Ranks are
 * looked up on the device, in the same run, so that nobody needs to know the prediction before.
 */
export interface TargetInput {
  /** For `explained`: `sum(logits * seed)` is the target of each image. `[batch, classes]` */
  readonly seed: Tensor;
  /** @throws UsageError for a class or rank that does not exist */
  readonly check: (target: ClassTarget) => void;
  /**
   * What a run is given.
   * @param targets one for each image
   * @throws UsageError for a class or rank that does not exist
   */
  readonly values: (targets: readonly ClassTarget[]) => Record<string, Float32Array>;
}

const kinds: readonly unknown[] = ['class', 'contrast', 'rank'] satisfies ClassTarget['kind'][];

const aTarget: Expectation<ClassTarget> = {
  words: "{ kind: 'class', index }, { kind: 'contrast', index, against } or { kind: 'rank', rank }",
  fits: (value): value is ClassTarget => kinds.includes((Object(value) as Partial<ClassTarget>).kind),
};

function checkCount(given: unknown, batch: number): void {
  if (Array.isArray(given) && given.length <= batch) return;
  const what = Array.isArray(given) ? `${given.length} targets` : described(given);
  throw new UsageError(`The targets are ${what}; expected a list of one for each of ${batch} images.`);
}

/**
 * Makes the class an input of the program that is built on these logits.
 * @param name of the inputs: `NAME.classes` and, if there are ranks, `NAME.ranks`
 * @param logits `[batch, classes]`
 * @param ranks how many a target may choose from, 0 to as many as there are classes: each costs a look at all logits
 * @throws UsageError for another number of ranks
 */
export function targetInput(name: string, logits: Tensor, ranks: number): TargetInput {
  expectGiven('targetInput: the name', name, aText);
  checkTensors('targetInput', logits);
  const [batch, classes] = logits.shape;
  if (!Number.isInteger(ranks) || ranks < 0 || ranks > classes) {
    throw new UsageError(
      `A target cannot choose from ${described(ranks)} ranks; this model has ${classes} classes.`,
    );
  }
  const weights = input(`${name}.classes`, [batch, classes]);
  const seed = ranks === 0 ? weights : add(weights, weightedRanks(`${name}.ranks`, logits, ranks));
  const values = (given: readonly ClassTarget[]): Record<string, Float32Array> => {
    checkCount(given, batch);
    const byClass = new Float32Array(batch * classes);
    const byRank = new Float32Array(batch * ranks);
    given.forEach((target, image) => {
      expectGiven('The target', target, aTarget);
      switch (target.kind) {
        case 'class':
          byClass[image * classes + checked('class', target.index, classes)] += 1;
          break;
        case 'contrast':
          byClass[image * classes + checked('class', target.index, classes)] += 1;
          byClass[image * classes + checked('class', target.against, classes)] -= 1;
          break;
        case 'rank':
          byRank[image * ranks + checked('rank', target.rank, ranks)] += 1;
          break;
        default:
          target satisfies never;
      }
    });
    return { [`${name}.classes`]: byClass, ...(ranks === 0 ? {} : { [`${name}.ranks`]: byRank }) };
  };
  return { seed, check: (target) => void values([target]), values };
}

/** `sum over ranks r of w_r onehot(class of rank r)`, with the weights w an input `[batch, ranks]`. `[batch, classes]` */
function weightedRanks(name: string, logits: Tensor, ranks: number): Tensor {
  const [batch, classes] = logits.shape;
  const oneHots = Array.from({ length: ranks }, (_, rank) => {
    // The classes of the highest rank + 1 logits, without those of the highest rank logits.
    const mask = subtract(largestMask(logits, classes - rank - 1), largestMask(logits, classes - rank));
    return reshape(mask, [batch, 1, classes]);
  });
  const weights = reshape(input(name, [batch, ranks]), [batch, 1, ranks]);
  return reshape(matmul(weights, concat(oneHots, 1)), [batch, classes]);
}

function checked(what: 'class' | 'rank', index: number, count: number): number {
  if (Number.isInteger(index) && index >= 0 && index < count) return index;
  throw new UsageError(
    what === 'class'
      ? `There is no class ${described(index)}; this model has classes 0 to ${count - 1}.`
      : `There is no rank ${described(index)}; this program looks up ${count} ranks.`,
  );
}

/**
 * The class that a target of kind `rank` means, from logits read back: ranks are counted as on the device, where of
 * equal logits the one of higher index comes first.
 * @param logits of one image
 */
export function classOfRank(logits: Values, rank: number): number {
  const ranked = largestFirst(logits);
  return ranked[checked('rank', rank, ranked.length)];
}
