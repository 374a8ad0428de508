import { sizeOf, type Step } from 'vitrine';
import type { Ceilings } from './ceilings.js';
import { median, sum } from './statistics.js';
import { nameOf, shapeOf, workOf, type Work } from './step-work.js';
import { digits, percent, table } from './table.js';

/** All steps of a plan that are the same kernel on the same shape. */
export interface KernelRow {
  /** Such as `matmul + bias + gelu` or `map add`. */
  readonly kernel: string;
  readonly shape: string;
  readonly calls: number;
  /** Median of one call. */
  readonly milliseconds: number;
  /** Of all calls together, as a share of the time of all steps. */
  readonly share: number;
  /** GFLOP/s of a product, GB/s of anything else. */
  readonly rate: number;
  readonly unit: Work['unit'];
  /** Of the measured ceiling; absent where that is not known. */
  readonly ofCeiling?: number;
}

/**
 * What a plan's time goes into, the largest part first.
 * @param runs for each run, the milliseconds of each step
 */
export function kernelRows(
  steps: readonly Step[],
  runs: readonly (readonly number[])[],
  ceilings: Ceilings | undefined,
): KernelRow[] {
  const total = median(runs.map(sum));
  return [...groups(steps).values()]
    .map((members) => {
      const step = steps[members[0]];
      const work = workOf(step);
      const milliseconds = median(runs.flatMap((run) => members.map((member) => run[member])));
      const perSecond = work.amount / (milliseconds / 1e3);
      const ceiling = work.unit === 'GFLOP/s' ? ceilings?.multiplyAdd : ceilings?.copy;
      return {
        kernel: nameOf(step),
        shape: shapeOf(step),
        calls: members.length,
        milliseconds,
        share: median(runs.map((run) => sum(members.map((member) => run[member])))) / total,
        rate: perSecond / 1e9,
        unit: work.unit,
        ...(ceiling === undefined ? {} : { ofCeiling: perSecond / ceiling }),
      };
    })
    .sort((a, b) => b.share - a.share);
}

/** @param least rows with a smaller share of the run become one line */
export function printKernels(rows: readonly KernelRow[], least = 0): void {
  const shown = rows.filter(({ share }) => share >= least);
  const rest = rows.filter(({ share }) => share < least);
  const lines = shown.map(({ kernel, shape, calls, milliseconds, share, rate, unit, ofCeiling }) => [
    kernel,
    shape,
    String(calls),
    digits(milliseconds),
    percent(share),
    digits(rate),
    unit,
    percent(ofCeiling),
  ]);
  if (rest.length > 0) {
    const calls = sum(rest.map((row) => row.calls));
    const share = sum(rest.map((row) => row.share));
    lines.push([`${rest.length} others`, '', String(calls), '', percent(share), '', '', '']);
  }
  console.log(
    table(
      [
        { title: 'kernel', align: 'left' },
        { title: 'shape', align: 'left' },
        { title: 'calls' },
        { title: 'ms a call' },
        { title: 'of run' },
        { title: 'rate' },
        { title: '', align: 'left' },
        { title: 'of ceiling' },
      ],
      lines,
    ),
  );
}

/** One line about all products of a plan together. */
export function productsInWords(
  steps: readonly Step[],
  runs: readonly (readonly number[])[],
  ceilings: Ceilings | undefined,
): string {
  const products = steps.flatMap((step, index) => (step.kind === 'matmul' ? [index] : []));
  const operations = sum(products.map((index) => workOf(steps[index]).amount));
  const milliseconds = median(runs.map((run) => sum(products.map((index) => run[index]))));
  const rate = operations / (milliseconds / 1e3);
  const share = milliseconds / median(runs.map(sum));
  const ofCeiling = ceilings ? `, ${percent(rate / ceilings.multiplyAdd)} of the ceiling` : '';
  return (
    `all products: ${digits(operations / 1e9)} GFLOP in ${digits(milliseconds)} ms, ` +
    `${digits(rate / 1e9)} GFLOP/s${ofCeiling}, ${percent(share)} of the run`
  );
}

/** Indices of the steps that are the same kernel on the same shape. */
function groups(steps: readonly Step[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  steps.forEach((step, index) => {
    if (sizeOf(step.output.shape) === 0) return;
    const key = `${nameOf(step)} ${shapeOf(step)}`;
    const members = found.get(key);
    if (members) members.push(index);
    else found.set(key, [index]);
  });
  return found;
}
