import type { Values } from '../../tensor/index.js';

/** One comparison of the self-check. */
export interface SelfCheckRow {
  readonly what: string;
  /** Largest absolute, or relative in the Euclidean norm; NaN if a value is not a number. */
  readonly error: number;
  /** The largest error that passes, in the same measure. */
  readonly bound: number;
  readonly ok: boolean;
  /** What is wrong, if it can be said in words, to follow `what`: "is all zeros". */
  readonly note?: string;
}

export interface SelfCheckReport {
  /** The forward pass, then the gradients, then the kernels. */
  readonly rows: readonly SelfCheckRow[];
  /** True if every row is. */
  readonly ok: boolean;
}

/** A result and what it should be. */
export interface Comparison {
  /** Tells the comparisons of one row apart. */
  readonly name: string;
  readonly actual: Values;
  readonly expected: Values;
}

/** `max |actual - expected|`. Infinities and NaN give an infinity or NaN, which no bound admits. */
export function absoluteError(actual: Values, expected: Values): number {
  let error = 0;
  for (let i = 0; i < expected.length; i++) error = Math.max(error, Math.abs(actual[i] - expected[i]));
  return error;
}

/** `|actual - expected| / |expected|` in the Euclidean norm. */
export function relativeError(actual: Values, expected: Values): number {
  let [gap, norm] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    gap += (actual[i] - expected[i]) ** 2;
    norm += expected[i] ** 2;
  }
  return gap === 0 ? 0 : Math.sqrt(gap / norm);
}

/** A row whose error is the largest among its comparisons, so that a small tensor cannot hide behind a large one. */
export function compareRow(
  what: string,
  measure: (actual: Values, expected: Values) => number,
  bound: number,
  comparisons: readonly Comparison[],
): SelfCheckRow {
  // Math.max passes NaN on, and NaN is within no bound.
  const error = Math.max(...comparisons.map(({ actual, expected }) => measure(actual, expected)));
  const ok = error <= bound;
  const note = ok ? undefined : inWords(comparisons);
  return { what, error, bound, ok, ...(note === undefined ? {} : { note }) };
}

function inWords(comparisons: readonly Comparison[]): string | undefined {
  const isZero = (values: Values): boolean => values.every((value) => value === 0);
  const zero = comparisons.filter(({ actual, expected }) => isZero(actual) && !isZero(expected));
  if (zero.length === comparisons.length) return 'is all zeros';
  if (zero.length > 0) return `is all zeros in ${zero[0].name}`;
  if (comparisons.some(({ actual }) => actual.includes(NaN))) return 'is not a number';
  return undefined;
}

/**
 * The result in one sentence.
 * @param adapterName as a person would name it: `backend.adapter`
 */
export function selfCheckVerdict({ rows }: SelfCheckReport, adapterName: string): string {
  const wrong = rows.filter(({ ok }) => !ok);
  if (wrong.length === 0) return `${adapterName} computes correctly.`;
  const [{ what, note, error, bound }] = wrong;
  const subject = note === undefined ? what : `${what} ${note}`;
  const others = wrong.length > 1 ? `, and ${wrong.length - 1} more of ${rows.length} checks` : '';
  return (
    `${adapterName} computes wrongly: ${subject} (error ${inDigits(error)}, allowed ${inDigits(bound)})${others}; ` +
    'do not trust explanations made on it: choose another with --adapter, or --device reference, or update the ' +
    'driver.'
  );
}

/**
 * A table, an empty line and the verdict, in lines of at most 100 characters; no line break at the end.
 * @param adapterName as a person would name it: `backend.adapter`
 */
export function formatSelfCheck(report: SelfCheckReport, adapterName: string): string {
  const cells = report.rows.map(({ what, error, bound, ok, note }) => [
    what,
    inDigits(error),
    inDigits(bound),
    ok ? 'ok' : note === undefined ? 'WRONG' : `WRONG: ${note.replace(/^is /, '')}`,
  ]);
  const table = [['what', 'error', 'allowed', ''], ...cells];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column].length)));
  const lines = table.map(([what, error, bound, verdict]) =>
    [what.padEnd(widths[0]), error.padStart(widths[1]), bound.padStart(widths[2]), verdict]
      .join('  ')
      .trimEnd(),
  );
  return [...lines, '', ...wrapped(selfCheckVerdict(report, adapterName), 100)].join('\n');
}

/** 0, 1.0, 2.3e-7: two digits, but of a whole power only one. */
function inDigits(value: number): string {
  if (value === 0) return '0';
  if (value >= 0.01 && value < 1000) return value.toPrecision(2);
  return value.toExponential(1).replace('.0e', 'e');
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length > 0 ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
