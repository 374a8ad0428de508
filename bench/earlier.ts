import { readFile } from 'node:fs/promises';
import * as is from 'valibot';
import { defaultModelName, UsageError } from 'vitrine';
import { failureInWords } from 'vitrine/node';
import type { Figure, Report } from './report.js';
import { digits, table } from './table.js';

/** What is read of it. */
const reportSchema = is.object({
  date: is.string(),
  machine: is.object({ cpu: is.string(), cores: is.number(), system: is.string(), node: is.string() }),
  adapters: is.array(is.string()),
  // Older runs that do not say measured the only one that there was.
  model: is.optional(is.string(), defaultModelName),
  figures: is.array(is.object({ name: is.string(), unit: is.string(), value: is.number() })),
});
type Earlier = is.InferOutput<typeof reportSchema>;

/**
 * Reads what an earlier run wrote with --json.
 * @throws UsageError if it cannot be read, or is something else
 */
export async function readReport(path: string): Promise<Earlier> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`--compare cannot read "${path}": ${failureInWords(error)}.`);
  });
  return parseReport(text, path);
}

export function parseReport(text: string, path: string): Earlier {
  const { success, output } = is.safeParse(is.pipe(is.string(), is.parseJson(), reportSchema), text);
  if (success) return output;
  throw new UsageError(`--compare: "${path}" is not what "npm run bench -- --json FILE" writes.`);
}

/** A figure then and now, and now by then. */
type Comparison = Figure & Readonly<Record<'earlier' | 'ratio', number>>;

/** The figures that both runs have, in the order of the later one. */
export function compareFigures(earlier: readonly Figure[], now: readonly Figure[]): Comparison[] {
  const known = new Map(earlier.map((figure) => [figure.name, figure]));
  return now.flatMap(({ name, unit, value }) => {
    const before = known.get(name);
    if (before?.unit !== unit) return [];
    return [{ name, unit, value, earlier: before.value, ratio: value / before.value }];
  });
}

/** Whether two runs were made on the same machine, in a sentence; differences are named. */
export function sameMachineInWords(earlier: Earlier, now: Report): string {
  const differences = (['cpu', 'cores', 'system', 'node'] as const).flatMap((key) => {
    const [then, here] = [String(earlier.machine[key]), String(now.machine[key])];
    return then === here ? [] : [`${then} then, ${here} now`];
  });
  if (now.adapters.some((adapter) => !earlier.adapters.includes(adapter))) {
    const then = earlier.adapters.join(' and ') || 'nothing';
    differences.push(`${then} then, ${now.adapters.join(' and ')} now`);
  }
  if (differences.length === 0) return 'the same machine: what changed is the program, or its neighbours';
  return `not the same machine (${differences.join('; ')}): the ratios tell of both`;
}

/** Figures of two models have the same names; undefined if they are of one, or of none as a whole. */
export function otherModelInWords(earlier: Earlier, now: Report): string | undefined {
  if (now.model === undefined || now.model === earlier.model) return undefined;
  return `not the same model (${earlier.model} then, ${now.model} now): the ratios tell of both`;
}

export function printComparison(earlier: Earlier, now: Report): void {
  console.log(`\ncompared with a run of ${earlier.date}; ${sameMachineInWords(earlier, now)}`);
  const otherModel = otherModelInWords(earlier, now);
  if (otherModel !== undefined) console.log(otherModel);
  const rows = compareFigures(earlier.figures, now.figures).map((figure) => ({
    figure: figure.name,
    earlier: digits(figure.earlier),
    now: digits(figure.value),
    unit: figure.unit,
    'now / earlier': Number.isFinite(figure.ratio) ? figure.ratio.toFixed(2) : '-',
  }));
  console.log(rows.length === 0 ? 'the two runs have no figure in common' : table(rows));
}
