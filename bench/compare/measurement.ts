import { setTimeout as sleep } from 'node:timers/promises';
import { plannedRuns, summarise, type Patience, type Summary } from '../statistics.js';
import type { Figure } from '../report.js';
import type { Target } from './targets.js';

/** Something that can be measured in short blocks. */
export interface Entry {
  /** `vitrine`, `own forward`, `own explanation`, `ONNX Runtime` or `PyTorch`: entries of one name are ways of doing the same, the best one counts. */
  readonly name: string;
  /** What is particular about this way, if there are several. */
  readonly way?: string | undefined;
  /** Runs that many times; one number for each. */
  readonly run: (count: number) => Promise<readonly number[]>;
}

/** What is run once at a time. */
export function singleRuns(name: string, runOnce: () => Promise<number>): Entry {
  const run = async (count: number): Promise<number[]> => {
    const times: number[] = [];
    for (let time = 0; time < count; time++) times.push(await runOnce());
    return times;
  };
  return { name, run };
}

export type MeasuredEntry = Omit<Entry, 'run'> & Summary;

export interface Measurement {
  readonly title: string;
  readonly unit: 'ms' | 'MiB';
  /** Undefined: as many as the contestants take by themselves. */
  readonly threads: number | undefined;
  readonly entries: readonly MeasuredEntry[];
  /** Whom the ratio is against. */
  readonly against: string;
  /** Our best median by theirs; undefined if they were not measured. */
  readonly ratio: number | undefined;
  readonly target: Target;
  /** Whether the peer is one to compare with; one that is not may have been left out. */
  readonly isFair: boolean;
  /** Undefined if the peer is not fair, or the target is a ratio and there is none. */
  readonly reached: boolean | undefined;
}

/** Between blocks, because the threads of a contestant wait actively for a while after its last run. */
const restMilliseconds = 150;

/**
 * Measures contestants in turns, so that whatever else happens on the machine happens to all of them; who begins
 * changes from round to round.
 * @param block runs in a row of one contestant: long enough to warm its caches again, short beside a neighbour's
 *   disturbance
 * @returns for each entry, its numbers
 */
export async function takeTurns(
  entries: readonly Entry[],
  patience: Patience,
  block = 5,
): Promise<number[][]> {
  const numbers = entries.map((): number[] => []);
  let slowest = 0;
  const runOne = async (index: number, count: number): Promise<void> => {
    const start = performance.now();
    numbers[index].push(...(await entries[index].run(count)));
    slowest = Math.max(slowest, (performance.now() - start) / count);
    await sleep(restMilliseconds);
  };
  for (const index of entries.keys()) await runOne(index, 1);
  const { warmup, runs } = plannedRuns(slowest, patience);
  if (warmup > 1) for (const index of entries.keys()) await runOne(index, warmup - 1);
  // Without a warm-up the first run counts.
  if (warmup > 0) for (const each of numbers) each.length = 0;
  for (let round = 0; numbers[0].length < runs; round++) {
    const count = Math.min(block, runs - numbers[0].length);
    for (const turn of entries.keys()) await runOne((turn + round) % entries.length, count);
  }
  return numbers;
}

/** What the numbers of a measurement come to. */
export function judge(
  about: Pick<Measurement, 'title' | 'unit' | 'threads' | 'against' | 'target'>,
  entries: readonly Omit<Entry, 'run'>[],
  numbers: readonly (readonly number[])[],
  isFair: boolean,
): Measurement {
  const measured = entries.map(({ name, way }, index) => ({ name, way, ...summarise(numbers[index]) }));
  const ours = best(measured, 'vitrine')!.median;
  const theirs = best(measured, about.against)?.median;
  const ratio = theirs && ours / theirs;
  const { ratio: mostRatio, plus = 0, most = Infinity } = about.target;
  const allowed = mostRatio === undefined ? Infinity : theirs && mostRatio * theirs + plus;
  const reached = isFair && allowed !== undefined ? ours <= allowed && ours <= most : undefined;
  return { ...about, entries: measured, ratio, isFair, reached };
}

/** The way of a contestant that has the least median. */
export function best(entries: readonly MeasuredEntry[], name: string): MeasuredEntry | undefined {
  const ways = entries.filter((entry) => entry.name === name);
  return ways.toSorted((a, b) => a.median - b.median).at(0);
}

/** Such as `ONNX Runtime at once`. */
export function inWords({ name, way }: Omit<Entry, 'run'>): string {
  return way === undefined ? name : `${name} ${way}`;
}

/** What two runs are compared by. */
export function figuresOf(measurements: readonly Measurement[]): Figure[] {
  return measurements.flatMap(({ title, threads, unit, entries, ratio, against }) => {
    const where = threads === undefined ? title : `${title}, threads ${threads}`;
    const figure = (what: string, of: string, value: number): Figure => {
      return { name: `${where}: ${what}`, unit: of, value };
    };
    const medians = entries.map((entry) => figure(inWords(entry), unit, entry.median));
    return ratio === undefined ? medians : [...medians, figure(`vitrine by ${against}`, 'ratio', ratio)];
  });
}
