import { csv } from '../csv.js';
import type { Outcome } from './outcome.js';
import type { PlannedRun, StudyPlan } from './plan.js';

/** A finished run. */
export interface FinishedRun {
  readonly run: PlannedRun;
  readonly outcome: Outcome;
}

/** What is measured of each run, by its name in tables; null where it is not defined. */
const measures = {
  'train accuracy': ({ train }: Outcome) => train.accuracy,
  accuracy: ({ test }: Outcome) => test.accuracy,
  recall: ({ test }: Outcome) => test.recall,
  precision: ({ test }: Outcome) => test.precision,
  F1: ({ test }: Outcome) => test.f1,
  AUC: ({ test }: Outcome) => test.auc,
  SMM: ({ test }: Outcome) => test.smm,
} as const;

export type MeasureName = keyof typeof measures;
export const measureNames = Object.keys(measures) as MeasureName[];

/** Over the seeds. */
export interface Figure {
  readonly mean: number;
  /** The deviation of the sample; undefined of a single seed. */
  readonly spread: number | undefined;
}

/** What a variation has come to. */
export interface StudyRow {
  readonly name: string;
  readonly of: string;
  /** So many seeds are finished. */
  readonly runs: number;
  readonly parameters: number;
  /** Undefined where it is not defined in one of them. */
  readonly figures: Readonly<Record<MeasureName, Figure | undefined>>;
}

/** A row for each variation of which a run is finished. */
export function rowsOf({ variations }: StudyPlan, finished: readonly FinishedRun[]): StudyRow[] {
  return variations.flatMap(({ name, of }) => {
    const outcomes = finished.filter(({ run }) => run.name === name).map(({ outcome }) => outcome);
    if (outcomes.length === 0) return [];
    const figures = measureNames.map(
      (measure) => [measure, figureOf(outcomes.map(measures[measure]))] as const,
    );
    return [
      {
        ...{ name, of, runs: outcomes.length, parameters: outcomes[0].parameters },
        figures: Object.fromEntries(figures) as StudyRow['figures'],
      },
    ];
  });
}

function figureOf(values: readonly (number | null)[]): Figure | undefined {
  const known = values.filter((value) => value !== null);
  if (known.length < values.length) return undefined;
  const count = known.length;
  const mean = known.reduce((sum, value) => sum + value, 0) / count;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, spread: count > 1 ? Math.sqrt(squares / (count - 1)) : undefined };
}

/** `0.612 ± 0.008` */
export function figureInWords(figure: Figure | undefined): string {
  if (!figure) return '-';
  const { mean, spread } = figure;
  return spread === undefined ? mean.toFixed(3) : `${mean.toFixed(3)} \u00b1 ${spread.toFixed(3)}`;
}

/** How many seeds of how many are finished: `3 seeds`, or `1 to 2 of 3 seeds`. */
export function seedsInWords({ seeds, variations }: StudyPlan, rows: readonly StudyRow[]): string {
  const counts = variations.map(({ name }) => rows.find((row) => row.name === name)?.runs ?? 0);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const all = `${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'}`;
  if (least === seeds.length) return all;
  return least === most ? `${least} of ${all}` : `${least} to ${most} of ${all}`;
}

/** A line for each variation, and means and deviations beside each other. */
export function studyCsv(rows: readonly StudyRow[]): string {
  const header = [
    'variation',
    'of',
    'seeds',
    'parameters',
    ...measureNames.flatMap((name) => [name, `${name} sd`]),
  ];
  const lines = rows.map(({ name, of, runs, parameters, figures }) => [
    ...[name, of, runs, parameters],
    ...measureNames.flatMap((measure) => [figures[measure]?.mean ?? '', figures[measure]?.spread ?? '']),
  ]);
  return csv([header, ...lines]);
}

/** A line for each run. */
export function runsCsv(finished: readonly FinishedRun[]): string {
  const header = ['variation', 'seed', 'seconds', ...measureNames];
  const lines = finished.map(({ run, outcome }) => [
    ...[run.name, run.seed, Math.round(outcome.seconds)],
    ...measureNames.map((measure) => measures[measure](outcome) ?? ''),
  ]);
  return csv([header, ...lines]);
}

/** As a table of Markdown. */
export function studyMarkdown(rows: readonly StudyRow[]): string {
  const cells = [
    ['variation', 'parameters', ...measureNames],
    ['---', '---:', ...measureNames.map(() => '---:')],
    ...rows.map(({ name, parameters, figures }) => [
      name,
      String(parameters),
      ...measureNames.map((measure) => figureInWords(figures[measure])),
    ]),
  ];
  return cells.map((row) => `| ${row.join(' | ')} |\n`).join('');
}
