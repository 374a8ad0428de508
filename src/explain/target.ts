import { UsageError } from '../errors.js';
import { aText, described, expectGiven, type Expectation } from '../given.js';
import {
  add,
  concat,
  divide,
  input,
  largestFirst,
  largestMask,
  matmul,
  multiply,
  reshape,
  slice,
  sqrt,
  subtract,
  sum,
  type Tensor,
  type Values,
} from '../tensor/index.js';
import { checkTensors } from '../tensor/tensor.js';
import { weighted } from './weighted.js';

/**
 * What is explained: the logit of one class, the difference of two logits, or the logit of the class that has the
 * given rank in each image's own prediction (0 is the most probable). Of a model without classes, what it gives instead, its
 * features: one of them, their Euclidean norm, or the cosine of the angle between them and others.
 */
export type ClassTarget =
  | { readonly kind: 'class'; readonly index: number }
  | { readonly kind: 'contrast'; readonly index: number; readonly against: number }
  | { readonly kind: 'rank'; readonly rank: number }
  | { readonly kind: 'feature'; readonly index: number }
  | { readonly kind: 'norm' }
  | {
      readonly kind: 'similarity';
      readonly to: Values;
      /** What the others are of. */ readonly name?: string;
    };

/** How many ranks a program must look up for targets: as many as they name, since each costs a look at all logits. */
export function ranksAsked(targets: readonly { readonly kind: string; readonly rank?: number }[]): number {
  return targets.reduce((most, { rank }) => (rank === undefined ? most : Math.max(most, rank + 1)), 0);
}

/** What a program can be asked to explain beside single classes and features. */
export interface TargetKinds {
  /** From how many ranks a target may choose, 0 to as many as there are classes: each costs a look at all logits. */
  readonly ranks: number;
  /** Whether norms and similarities may be asked for. */
  readonly features?: boolean;
}

/**
 * The class as an input: one program explains every class and contrast, and each image of a batch another one. Ranks are
 * looked up on the device, in the same run, so that nobody needs to know the prediction before.
 */
export interface TargetInput {
  /** For `explained`: the gradient of the target of each image with respect to its logits. `[batch, classes]` */
  readonly seed: Tensor;
  /** The target itself, of the logits or of any others: `[batch, any, classes]` to `[batch, any]`. */
  readonly scoreOf: (logits: Tensor) => Tensor;
  /** @throws UsageError for a class or rank that does not exist */
  readonly check: (target: ClassTarget) => void;
  /**
   * What a run is given.
   * @param targets one for each image
   * @throws UsageError for a class or rank that does not exist
   */
  readonly values: (targets: readonly ClassTarget[]) => Record<string, Float32Array>;
}

const kinds: readonly unknown[] = [
  'class',
  'contrast',
  'rank',
  'feature',
  'norm',
  'similarity',
] satisfies ClassTarget['kind'][];

const aTarget: Expectation<ClassTarget> = {
  words:
    "{ kind: 'class', index }, { kind: 'contrast', index, against }, { kind: 'rank', rank }, { kind: 'feature', index }, { kind: 'norm' } or { kind: 'similarity', to }",
  fits: (value): value is ClassTarget => kinds.includes((Object(value) as Partial<ClassTarget>).kind),
};

function checkCount(given: unknown, batch: number): void {
  if (Array.isArray(given) && given.length <= batch) return;
  const what = Array.isArray(given) ? `${given.length} targets` : described(given);
  throw new UsageError(`The targets are ${what}; expected a list of one for each of ${batch} images.`);
}

/**
 * Makes the class an input of the program that is built on these logits.
 * @param name of the inputs: `NAME.classes`, if there are ranks `NAME.ranks`, if there are features `NAME.features`
 * @param logits `[batch, classes]`, or features in their place
 * @throws UsageError for another number of ranks
 */
export function targetInput(
  name: string,
  logits: Tensor,
  { ranks, features = false }: TargetKinds,
): TargetInput {
  expectGiven('targetInput: the name', name, aText);
  checkTensors('targetInput', logits);
  const [batch, classes] = logits.shape;
  if (!Number.isInteger(ranks) || ranks < 0 || ranks > classes) {
    throw new UsageError(
      `A target cannot choose from ${described(ranks)} ranks; this model has ${classes} classes.`,
    );
  }
  const weights = input(`${name}.classes`, [batch, classes]);
  const ofClasses = ranks === 0 ? weights : add(weights, weightedRanks(`${name}.ranks`, logits, ranks));
  const linear: Part = { seed: ofClasses, scoreOf: (rows) => weighted(rows, ofClasses) };
  const { seed, scoreOf } = features ? plus(linear, ofDirection(`${name}.features`, logits)) : linear;
  const values = (given: readonly ClassTarget[]): Record<string, Float32Array> => {
    checkCount(given, batch);
    const byClass = new Float32Array(batch * classes);
    const byRank = new Float32Array(batch * ranks);
    const byFeature = new Float32Array(batch * (classes + 1));
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
        case 'feature':
          byClass[image * classes + checked('feature', target.index, classes)] += 1;
          break;
        case 'norm':
        case 'similarity':
          if (!features)
            throw new UsageError(`This program explains no ${target.kind}: it was not asked to.`);
          byFeature.set(asDirection(target, classes), image * (classes + 1));
          break;
        default:
          target satisfies never;
      }
    });
    return {
      [`${name}.classes`]: byClass,
      ...(ranks === 0 ? {} : { [`${name}.ranks`]: byRank }),
      ...(features ? { [`${name}.features`]: byFeature } : {}),
    };
  };
  return { seed, scoreOf, check: (target) => void values([target]), values };
}

/** A part of a target, with its gradient with respect to the logits. */
type Part = Pick<TargetInput, 'seed' | 'scoreOf'>;

function plus(a: Part, b: Part): Part {
  return { seed: add(a.seed, b.seed), scoreOf: (rows) => add(a.scoreOf(rows), b.scoreOf(rows)) };
}

/**
 * With features f of length |f| and direction u = f / |f|: `w |f| + e u`, for an input `[batch, classes + 1]` of w and of a
 * direction e. The gradient is `w u + (e - (e u) u) / |f|`.
 */
function ofDirection(name: string, features: Tensor): Part {
  const [batch, count] = features.shape;
  const given = input(name, [batch, count + 1]);
  const [weight, other] = [slice(given, 1, 0, 1), slice(given, 1, 1)];
  const along = (a: Tensor, b: Tensor): Tensor => sum(multiply(a, b), { axes: 1, keepDims: true });
  const length = sqrt(along(features, features));
  const direction = divide(features, length);
  const cosine = along(other, direction);
  const turning = divide(subtract(other, multiply(cosine, direction)), length);
  return {
    seed: add(multiply(weight, direction), turning),
    scoreOf(rows) {
      const lengths = sqrt(sum(multiply(rows, rows), { axes: 2 }));
      return add(multiply(weight, lengths), divide(weighted(rows, other), lengths));
    },
  };
}

/** What `ofDirection` is given. */
function asDirection(target: ClassTarget & { kind: 'norm' | 'similarity' }, count: number): Float32Array {
  const values = new Float32Array(count + 1);
  if (target.kind === 'norm') {
    values[0] = 1;
    return values;
  }
  if (target.to.length !== count) {
    throw new UsageError(
      `A similarity to ${target.to.length} features was asked for; this model has ${count}.`,
    );
  }
  const length = Math.hypot(...target.to);
  if (!(length > 0 && Number.isFinite(length))) {
    throw new UsageError(
      'Features without a direction are similar to nothing; compare with another picture.',
    );
  }
  values.set(
    Float32Array.from(target.to, (value) => value / length),
    1,
  );
  return values;
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

function checked(what: 'class' | 'rank' | 'feature', index: number, count: number): number {
  if (Number.isInteger(index) && index >= 0 && index < count) return index;
  const there = {
    class: `this model has classes 0 to ${count - 1}`,
    feature: `this model has features 0 to ${count - 1}`,
    rank: `this program looks up ${count} ranks`,
  };
  throw new UsageError(`There is no ${what} ${described(index)}; ${there[what]}.`);
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
