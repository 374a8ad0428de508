import type { ToldMap } from './experiments/found-map.js';

/*
 * Options can leave a map without anything to see: all attention dropped, or a product that vanishes. Whoever looks at it
 * must be told.
 */

/**
 * Why a map cannot be shown, as a sentence without a full stop; undefined if it can.
 */
export function whyNoNumbers(map: ToldMap): string | undefined {
  if (map.values.every(Number.isFinite)) return undefined;
  return `the map of ${inWords(map)} holds values that are no numbers; give other options${lower(map)}`;
}

/** Why there is nothing to see on a map, as a sentence without a full stop; undefined if there is something. */
export function whyFlat(map: ToldMap): string | undefined {
  const [first, ...others] = map.values;
  if (!others.every((value) => value === first)) return undefined;
  return `the map of ${inWords(map)} is ${first} everywhere: nothing is left to see; give other options${lower(map)}`;
}

/** Two cosines that differ by less are one in float32, and their gradients rounding. */
const closest = 1 - 1e-6;

/**
 * Why the map of a similarity shows nothing but rounding: the pictures are one to the model. A sentence without a full stop;
 * undefined if they are not.
 * @param features what the model gave for the picture
 */
export function whyNoDifference({ target }: ToldMap, features: ArrayLike<number>): string | undefined {
  if (target?.kind !== 'similarity' || cosine(features, target.to) < closest) return undefined;
  return 'the two pictures are the same to the model, so that nothing can make them more alike; compare others';
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
    Array.from(x).reduce((sum, value, i) => sum + value * y[i], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function inWords({ method, options }: ToldMap): string {
  const given = Object.entries(options).map(([name, value]) => `${name} ${[value].flat().join('-')}`);
  return given.length === 0 ? method.name : `${method.name} (${given.join(', ')})`;
}

/** Most often it is this one. */
function lower({ options }: ToldMap): string {
  const ratio = options['discardRatio'];
  return typeof ratio === 'number' && ratio > 0 ? `, such as a discard ratio below ${ratio}` : '';
}
