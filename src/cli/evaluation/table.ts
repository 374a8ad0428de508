import type { Cell, Measure, SummaryRow } from '../../evaluate/index.js';
import { baselines } from '../../pipeline/index.js';

/** Everything that is told of an evaluation. */
export interface EvaluationTable {
  readonly about: {
    readonly data: string;
    readonly layout: string;
    readonly model: string;
    readonly sha256: string;
    readonly backend: string;
    /** Pictures that were measured, and those that were left out with the reason why. */
    readonly pictures: number;
    readonly skipped: readonly { readonly picture: string; readonly why: string }[];
    readonly seconds?: number;
  };
  /** In the order of the columns: those alone that some map has a value of. */
  readonly measures: readonly Measure[];
  /** The best first, by the measure that leads. */
  readonly rows: readonly SummaryRow[];
  /** What anybody should know who reads it: sentences without full stops. */
  readonly notes: readonly string[];
}

/** By which of the measures a table is ordered: the first of these that it has, or its first column. */
const leaders = ['ap', 'srg'];

/** Baselines and raw attention, which stand beside every method. */
export function isBaseline(method: string): boolean {
  return method === 'raw-attention' || Object.hasOwn(baselines, method);
}

export function tableOf(
  about: EvaluationTable['about'],
  all: readonly Measure[],
  summary: readonly SummaryRow[],
): EvaluationTable {
  const measures = all.filter(({ name }) => summary.some(({ cells }) => Object.hasOwn(cells, name)));
  const lead = leaderOf(measures);
  const sign = lead?.better === 'lower' ? 1 : -1;
  const place = ({ cells }: SummaryRow): number => {
    const cell = lead && cellOf(cells, lead.name);
    return cell ? sign * cell.mean : Infinity;
  };
  const rows = summary.toSorted((a, b) => place(a) - place(b) || (a.method < b.method ? -1 : 1));
  return { about, measures, rows, notes: notesOf(summary) };
}

/** The measure by which a table is ordered; undefined if it has none. */
export function leaderOf(measures: readonly Measure[]): Measure | undefined {
  const leading = leaders.map((name) => measures.find((measure) => measure.name === name));
  return leading.find((measure) => measure !== undefined) ?? measures.at(0);
}

export function cellOf(cells: SummaryRow['cells'], measure: string): Cell | undefined {
  return Object.hasOwn(cells, measure) ? cells[measure] : undefined;
}

/** From here on two maps are one to the eye. */
const SAME = 0.99;

function notesOf(summary: readonly SummaryRow[]): readonly string[] {
  const same = (measure: string): readonly string[] =>
    summary
      .filter(({ method, cells }) => !isBaseline(method) && (cellOf(cells, measure)?.mean ?? 0) >= SAME)
      .map(({ method }) => method);
  const [blind, unmoved] = [same('other-class'), same('randomized')];
  return [
    ...(blind.length === 0
      ? []
      : [`blind to the class, whose maps of two classes are one: ${blind.join(', ')}`]),
    ...(unmoved.length === 0
      ? []
      : [`no explanation of the model, whose maps stay when its weights are random: ${unmoved.join(', ')}`]),
  ];
}

/** A cell in words: the mean, and half of the interval's width. */
export function inWords(cell: Cell | undefined, { digits }: Measure): string {
  if (!cell) return '';
  const half = (cell.high - cell.low) / 2;
  return `${cell.mean.toFixed(digits)} ±${half.toFixed(digits)}`;
}

/** The best mean of a column, baselines left out. */
export function bestOf(
  { rows }: Pick<EvaluationTable, 'rows'>,
  { name, better }: Measure,
): number | undefined {
  if (better === 'neither') return undefined;
  const means = rows
    .filter(({ method }) => !isBaseline(method))
    .flatMap(({ cells }) => cellOf(cells, name)?.mean ?? []);
  return means.length === 0 ? undefined : Math[better === 'higher' ? 'max' : 'min'](...means);
}
