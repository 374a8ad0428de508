import { setTimeout as sleep } from 'node:timers/promises';
import { summarise, type Summary } from '../statistics.js';
import type { Figure } from '../report.js';
import type { Target } from './targets.js';

/** Something that can be measured in short blocks. */
export interface Entry {
  /** `vitrine`, `own forward`, `ONNX Runtime` or `PyTorch`: entries of one name are ways of doing the same, the best one counts. */
  readonly name: string;
  /** What is particular about this way, if there are several. */
  readonly way?: string;
  /** Runs that many times; one number for each. */
  readonly run: (count: number) => Promise<readonly number[]>;
}

export interface MeasuredEntry extends Summary {
  readonly name: string;
  readonly way?: string;
}

export interface Measurement {
  readonly title: string;
  readonly unit: 'ms' | 'MiB';
  /** Undefined: as many as the contestants take by themselves. */
  readonly threads: number | undefined;
  readonly entries: readonly MeasuredEntry[];
  /** Whom the ratio is against. */
  readonly against: string;
  /** Our best median by theirs; absent if they were not measured. */
  readonly ratio?: number;
  readonly target: Target;
  /** Absent if there is no ratio or the peer is not fair. */
  readonly reached?: boolean;
}

/** Runs in a row of one contestant: long enough to warm its caches again, short beside a neighbour's disturbance. */
const block = 5;

/** Between blocks, because the threads of a contestant wait actively for a while after its last run. */
const restMilliseconds = 150;

/**
 * Measures contestants in turns, so that whatever else happens on the machine happens to all of them; who begins
 * changes from round to round.
 * @returns for each entry, its numbers
 */
export async function takeTurns(
  entries: readonly Entry[],
  { warmup, runs, blockSize = block }: { warmup: number; runs: number; blockSize?: number },
): Promise<number[][]> {
  const numbers = entries.map((): number[] => []);
  for (const { run } of entries) {
    if (warmup > 0) await run(warmup);
    await sleep(restMilliseconds);
  }
  for (let done = 0, round = 0; done < runs; done += blockSize, round++) {
    const count = Math.min(blockSize, runs - done);
    for (let turn = 0; turn < entries.length; turn++) {
      const index = (turn + round) % entries.length;
      numbers[index].push(...(await entries[index].run(count)));
      await sleep(restMilliseconds);
    }
  }
  return numbers;
}

/** What the numbers of a measurement come to. */
export function judge(
  about: Pick<Measurement, 'title' | 'unit' | 'threads' | 'against' | 'target'>,
  entries: readonly Entry[],
  numbers: readonly (readonly number[])[],
  isFair: boolean,
): Measurement {
  const measured = entries.map(({ name, way }, index) => ({
    name,
    ...(way === undefined ? {} : { way }),
    ...summarise(numbers[index]),
  }));
  const ours = best(measured, 'vitrine')!;
  const theirs = best(measured, about.against);
  if (!theirs) return { ...about, entries: measured };
  const ratio = ours.median / theirs.median;
  const { ratio: mostRatio = Infinity, most = Infinity } = about.target;
  const reached = ratio <= mostRatio && ours.median <= most;
  return { ...about, entries: measured, ratio, ...(isFair ? { reached } : {}) };
}

/** The way of a contestant that has the least median. */
export function best(entries: readonly MeasuredEntry[], name: string): MeasuredEntry | undefined {
  const ways = entries.filter((entry) => entry.name === name);
  return ways.find((entry) => entry.median === Math.min(...ways.map((way) => way.median)));
}

/** What two runs are compared by. */
export function figuresOf(measurements: readonly Measurement[]): Figure[] {
  return measurements.flatMap(({ title, threads, unit, entries, ratio, against }) => {
    const where = threads === undefined ? title : `${title}, threads ${threads}`;
    const medians = entries.map(({ name, way, median }) => {
      return { name: `${where}: ${way === undefined ? name : `${name} ${way}`}`, unit, value: median };
    });
    return ratio === undefined
      ? medians
      : [...medians, { name: `${where}: vitrine by ${against}`, unit: 'ratio', value: ratio }];
  });
}
