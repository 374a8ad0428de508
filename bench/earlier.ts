import { readFile } from 'node:fs/promises';
import { UsageError } from 'vitrine';
import { failureInWords } from 'vitrine/node';
import type { Figure, Report } from './report.js';
import { digits, table } from './table.js';

/**
 * Reads what an earlier run wrote with --json.
 * @throws UsageError if it cannot be read, or is something else
 */
export async function readReport(path: string): Promise<Report> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`--compare cannot read "${path}": ${failureInWords(error)}.`);
  }
  return parseReport(text, path);
}

export function parseReport(text: string, path: string): Report {
  let report: Partial<Report> | null | undefined;
  try {
    report = JSON.parse(text) as typeof report;
  } catch {
    report = undefined;
  }
  const { machine, figures, date } = report ?? {};
  const isReport = machine && typeof machine === 'object' && typeof date === 'string' && isFigures(figures);
  if (!isReport) {
    throw new UsageError(`--compare: "${path}" is not what "npm run bench -- --json FILE" writes.`);
  }
  return report as Report;
}

function isFigures(figures: unknown): figures is Figure[] {
  return (
    Array.isArray(figures) &&
    figures.every((figure: Partial<Figure> | null) => {
      return typeof figure?.name === 'string' && typeof figure.value === 'number';
    })
  );
}

/** A figure then and now. */
export interface Comparison {
  readonly name: string;
  readonly unit: string;
  readonly earlier: number;
  readonly now: number;
  /** Now by earlier. */
  readonly ratio: number;
}

/** The figures that both runs have, in the order of the later one. */
export function compareFigures(earlier: readonly Figure[], now: readonly Figure[]): Comparison[] {
  const known = new Map(earlier.map((figure) => [figure.name, figure]));
  return now.flatMap(({ name, unit, value }) => {
    const before = known.get(name);
    if (before?.unit !== unit) return [];
    return [{ name, unit, earlier: before.value, now: value, ratio: value / before.value }];
  });
}

/** Whether two runs were made on the same machine, in a sentence; differences are named. */
export function sameMachineInWords(earlier: Report, now: Report): string {
  const differences = (['cpu', 'cores', 'system', 'node'] as const).flatMap((key) => {
    const [then, here] = [String(earlier.machine[key]), String(now.machine[key])];
    return then === here ? [] : [`${then} then, ${here} now`];
  });
  const adapters = now.adapters.filter((adapter) => !earlier.adapters.includes(adapter));
  if (adapters.length > 0) {
    differences.push(
      `${earlier.adapters.join(' and ') || 'nothing'} then, ${now.adapters.join(' and ')} now`,
    );
  }
  if (differences.length === 0) return 'the same machine: what changed is the program, or its neighbours';
  return `not the same machine (${differences.join('; ')}): the ratios tell of both`;
}

export function printComparison(earlier: Report, now: Report): void {
  console.log(`\ncompared with a run of ${earlier.date}; ${sameMachineInWords(earlier, now)}`);
  const rows = compareFigures(earlier.figures, now.figures);
  if (rows.length === 0) {
    console.log('the two runs have no figure in common');
    return;
  }
  console.log(
    table(
      [
        { title: 'figure', align: 'left' },
        { title: 'earlier' },
        { title: 'now' },
        { title: 'unit', align: 'left' },
        { title: 'now / earlier' },
      ],
      rows.map(({ name, unit, earlier: then, now: here, ratio }) => [
        name,
        digits(then),
        digits(here),
        unit,
        Number.isFinite(ratio) ? ratio.toFixed(2) : '-',
      ]),
    ),
  );
}
