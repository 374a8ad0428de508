import { ShapeError } from '../errors.js';
import type { Values } from '../tensor/index.js';
import type { Steps } from './removal.js';

/** What a model says of a class at one step. */
export interface Reading {
  /** The class's logit, of a contrast the difference of two; or whatever else is explained. */
  readonly score: number;
  /** Of the class; undefined if there are none. */
  readonly probability: number | undefined;
  /** Whether no other class is more probable. */
  readonly isFirst: boolean | undefined;
}

/** Readings along the steps, from the whole picture to nothing of it. */
export interface Curves {
  /** What the map calls most relevant is gone first. */
  readonly mostFirst: readonly Reading[];
  readonly leastFirst: readonly Reading[];
}

/** What a class is read by. */
export interface ReadClass {
  readonly index: number;
  /** Of a contrast: the class that is subtracted. */
  readonly against?: number | undefined;
}

/** What logits say of a class. */
export function readClass(logits: Values, { index, against }: ReadClass): Reading {
  if (!(index in logits) || !(against === undefined || against in logits)) {
    throw new ShapeError(`There is no class ${against ?? index} among ${logits.length} logits.`);
  }
  const own = logits[index];
  let highest = own;
  for (const logit of logits) if (logit > highest) highest = logit;
  let total = 0;
  for (const logit of logits) total += Math.exp(logit - highest);
  return {
    score: against === undefined ? own : own - logits[against],
    probability: Math.exp(own - highest) / total,
    isFirst: own === highest,
  };
}

/**
 * The curves of a map.
 * @param readings of every state, in the order of the plan that the steps are from
 */
export function curvesOf(steps: Steps, readings: readonly Reading[]): Curves {
  const along = (states: readonly number[]): readonly Reading[] => states.map((state) => readings[state]);
  return { mostFirst: along(steps.mostFirst), leastFirst: along(steps.leastFirst) };
}

/**
 * The mean height of a curve whose points are equally far apart, by trapezoids.
 * @returns undefined if a point is missing
 */
export function areaUnder(points: readonly (number | undefined)[]): number | undefined {
  const known = points.filter((point) => point !== undefined);
  if (known.length < points.length || known.length < 2) return undefined;
  const steps = known.length - 1;
  const sum = known.reduce((left, right) => left + right, 0);
  return (sum - (known[0] + known[steps]) / 2) / steps;
}
