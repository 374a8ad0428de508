import { Resamples, type Interval } from './bootstrap.js';
import { ranksOf } from './correlation.js';
import type { Measure } from './measure.js';

/** What was measured of one map. */
export interface MeasuredMap {
  /** Number of its picture. */
  readonly picture: number;
  /** Number of the object in the picture. */
  readonly object: number;
  /** What tells it from other measurements of the same object, such as the model that it was compared with. */
  readonly part: string;
  readonly method: string;
  readonly values: Readonly<Record<string, number>>;
}

/** A measure of a method over all pictures. */
export interface Cell extends Interval {
  /** Mean place among the methods, 1 the best, over all objects in which all of them have a value; undefined if there is none. */
  readonly rank: number | undefined;
}

/** A method of a table: measures that were taken of none of its maps are not there. */
export interface SummaryRow {
  readonly method: string;
  readonly cells: Readonly<Record<string, Cell>>;
}

/**
 * Means with their intervals, and ranks, in the order in which methods come first.
 * @param pictures how many there are; each map has the number of one of them
 */
export function summarize(
  maps: readonly MeasuredMap[],
  measures: readonly Measure[],
  pictures: number,
): readonly SummaryRow[] {
  const resamples = new Resamples(pictures);
  const methods = [...new Set(maps.map(({ method }) => method))];
  const objects = [...byObject(maps).values()];
  const ranks = new Map(measures.map((measure) => [measure.name, meanRanks(objects, methods, measure)]));
  return methods.map((method) => {
    const own = maps.filter((map) => map.method === method);
    const cells = measures.flatMap(({ name }): [string, Cell][] => {
      const values: number[][] = Array.from({ length: pictures }, () => []);
      for (const map of own) if (Object.hasOwn(map.values, name)) values[map.picture].push(map.values[name]);
      const interval = resamples.interval(values);
      return interval ? [[name, { ...interval, rank: ranks.get(name)?.get(method) }]] : [];
    });
    return { method, cells: Object.fromEntries(cells) };
  });
}

function meanRanks(
  grouped: Iterable<ReadonlyMap<string, MeasuredMap['values']>>,
  methods: readonly string[],
  { name, better }: Measure,
): ReadonlyMap<string, number> {
  const sign = better === 'lower' ? 1 : -1;
  const sums = new Float64Array(methods.length);
  let objects = 0;
  for (const known of grouped) {
    const values = methods.map((method) => known.get(method)?.[name]);
    if (better === 'neither' || values.includes(undefined)) continue;
    ranksOf(values.map((value) => sign * value!)).forEach((rank, i) => {
      sums[i] += rank;
    });
    objects++;
  }
  return new Map(objects === 0 ? [] : methods.map((method, i) => [method, sums[i] / objects]));
}

/** The values of all methods, object by object. */
function byObject(
  maps: readonly MeasuredMap[],
): ReadonlyMap<string, ReadonlyMap<string, MeasuredMap['values']>> {
  const found = new Map<string, Map<string, MeasuredMap['values']>>();
  for (const { picture, object, part, method, values } of maps) {
    const key = `${picture} ${object} ${part}`;
    const known = found.get(key) ?? new Map<string, MeasuredMap['values']>();
    found.set(key, known.set(method, values));
  }
  return found;
}
