import { UsageError } from '../errors.js';
import { rankCorrelation } from '../evaluate/index.js';
import type { Explanation, ExplanationDocument } from './document.js';

/** Two maps of the same places, side by side. */
export interface MapComparison {
  readonly a: Explanation;
  readonly b: Explanation;
  /** Of the values, by Pearson: 1 for maps that are one up to scale and offset; null where one is the same everywhere. */
  readonly correlation: number | null;
  /** Of the ranks, by Spearman: 1 where both order the places alike; null as for the correlation. */
  readonly rankCorrelation: number | null;
  /** Of the values as they are. */
  readonly largestDifference: number;
  /** Place by place, each map divided by its largest magnitude: B minus A. */
  readonly difference: readonly number[];
  /** Where that is largest: row and column, of a view also the number of the map before them. */
  readonly at: readonly number[];
}

/**
 * Compares what two documents have in common: maps of the same method, target and options, of what is left those of the same method
 * and target, each once; or the only ones that there are.
 * @throws UsageError if there is nothing to compare, or the maps are of other grids
 */
export function compareDocuments(a: ExplanationDocument, b: ExplanationDocument): readonly MapComparison[] {
  const pairs = pairsOf(a.explanations, b.explanations);
  if (pairs.length === 0) {
    const [ofA, ofB] = [a, b].map(({ explanations }) => explanations.map(inWords).join(', ') || 'nothing');
    throw new UsageError(
      `The documents explain ${ofA} and ${ofB}: nothing in common; compare documents of one map each, or of the same methods.`,
    );
  }
  return pairs.map(([ofA, ofB]) => compareMaps(ofA, ofB));
}

function pairsOf(
  a: readonly Explanation[],
  b: readonly Explanation[],
): readonly (readonly [Explanation, Explanation])[] {
  if (a.length === 1 && b.length === 1) return [[a[0], b[0]]];
  // First those that are made alike, so that a map without its like never takes that of another one.
  const found = new Map<Explanation, Explanation>();
  const left = new Set(b);
  for (const nameOf of [withOptions, inWords]) {
    for (const one of a.filter((each) => !found.has(each))) {
      const other = [...left].find((each) => nameOf(each) === nameOf(one));
      if (other === undefined) continue;
      found.set(one, other);
      left.delete(other);
    }
  }
  return a.flatMap((one) => {
    const other = found.get(one);
    return other === undefined ? [] : [[one, other] as const];
  });
}

function withOptions(explanation: Explanation): string {
  const options = Object.entries(explanation.options).sort(([one], [other]) => (one < other ? -1 : 1));
  return `${inWords(explanation)} ${JSON.stringify(options)}`;
}

function inWords({ method, class: index, target, options }: Explanation): string {
  const of = [index, options.against, target].filter((part) => part !== null && part !== undefined);
  return [method, ...of].join(' ');
}

/** @throws UsageError if the maps are of other grids */
export function compareMaps(a: Explanation, b: Explanation): MapComparison {
  const [shapeA, shapeB] = [a, b].map(({ grid, maps }) => [
    ...(maps === undefined || maps === 1 ? [] : [maps]),
    ...grid,
  ]);
  if (shapeA.join() !== shapeB.join()) {
    throw new UsageError(
      `Maps of ${shapeA.join(' x ')} and ${shapeB.join(' x ')} values cannot be compared; give two of the same grid.`,
    );
  }
  const [scaledA, scaledB] = [a, b].map(({ values }) => scaled(values));
  const difference = scaledB.map((value, i) => value - scaledA[i]);
  const largest = difference.reduce(
    (at, value, i) => (Math.abs(value) > Math.abs(difference[at]) ? i : at),
    0,
  );
  return {
    a,
    b,
    correlation: correlationOf(a.values, b.values),
    rankCorrelation: rankCorrelation(a.values, b.values) ?? null,
    largestDifference: largestMagnitude(a.values.map((value, i) => b.values[i] - value)),
    difference,
    at: placeOf(largest, shapeA),
  };
}

function scaled(values: readonly number[]): number[] {
  const largest = largestMagnitude(values);
  return values.map((value) => (largest === 0 ? 0 : value / largest));
}

/** One by one: a view holds more values than a function takes arguments. */
function largestMagnitude(values: readonly number[]): number {
  return values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}

function placeOf(index: number, shape: readonly number[]): number[] {
  let rest = index;
  return [...shape]
    .reverse()
    .map((extent) => {
      const place = rest % extent;
      rest = Math.floor(rest / extent);
      return place;
    })
    .reverse();
}

function correlationOf(a: readonly number[], b: readonly number[]): number | null {
  // Asked of the values: their mean is rounded, and what is left of equal ones without it need not be 0.
  if ([a, b].some((values) => values.every((value) => value === values[0]))) return null;
  const [x, y] = [a, b].map(centred);
  const dot = (u: readonly number[], v: readonly number[]): number =>
    u.reduce((sum, value, i) => sum + value * v[i], 0);
  const norm = Math.sqrt(dot(x, x) * dot(y, y));
  return norm === 0 ? null : dot(x, y) / norm;
}

function centred(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}
