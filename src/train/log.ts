import { WeightsError } from '../errors.js';

/** What is known after some steps of a training: means over the steps since the row before. */
export interface LogRow {
  /** Steps done. */
  readonly step: number;
  readonly images: number;
  readonly learningRate: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly gradientNorm: number;
  /** On pictures never trained on, at checkpoints; NaN elsewhere. */
  readonly validationLoss: number;
  readonly validationAccuracy: number;
  /** Since the training began, without the time between interruption and resumption. */
  readonly seconds: number;
}

/** The row of the checkpoint that did best on what was never trained on; the first of equals. */
export function bestRow(rows: readonly LogRow[]): LogRow | undefined {
  return rows.reduce<LogRow | undefined>(
    (best, row) => (row.validationLoss < (best?.validationLoss ?? Infinity) ? row : best),
    undefined,
  );
}

const columns = [
  'step',
  'images',
  'learningRate',
  'loss',
  'accuracy',
  'gradientNorm',
  'validationLoss',
  'validationAccuracy',
  'seconds',
] as const satisfies readonly (keyof LogRow)[];

/** As CSV; what is not known is left empty. */
export function formatLog(rows: readonly LogRow[]): string {
  const lines = rows.map((row) =>
    columns.map((column) => (Number.isNaN(row[column]) ? '' : String(+row[column].toPrecision(7)))).join(','),
  );
  return [columns.join(','), ...lines, ''].join('\n');
}

/**
 * @param source the file's name, for messages
 * @throws WeightsError if it is not what `formatLog` writes
 */
export function parseLog(text: string, source: string): LogRow[] {
  const [header, ...lines] = text.split('\n').filter((line) => line !== '');
  const rows = lines.map((line) => line.split(',').map((cell) => (cell === '' ? NaN : Number(cell))));
  if (header !== columns.join(',') || rows.some((row) => row.length !== columns.length)) {
    throw new WeightsError(
      `"${source}" is not the log of a training; remove it, or train into another folder.`,
    );
  }
  return rows.map(
    (row) => Object.fromEntries(columns.map((column, i) => [column, row[i]])) as unknown as LogRow,
  );
}
