import type { Ceilings } from './ceilings.js';
import type { Profiled } from './profile.js';
import { median, sum } from './statistics.js';
import { nameOf, rateOf, shapeOf, workOf } from './step-work.js';
import { digits, percent, plural, table } from './table.js';

/**
 * What a plan's time goes into, the largest part first: steps that are the same kernel on the same shape, the median of
 * one call, and the share of all of them in the time of the plan. Rates are in GFLOP/s for a product, in GB/s for anything
 * else; `ofCeiling` is undefined where that is not known.
 */
export function kernelRows({ steps, runs }: Profiled, ceilings: Ceilings | undefined) {
  const total = median(runs.map(sum));
  const groups = new Map<string, number[]>();
  steps.forEach((step, index) => {
    const key = `${nameOf(step)} ${shapeOf(step)}`;
    groups.set(key, [...(groups.get(key) ?? []), index]);
  });
  const rows = [...groups.values()].map((members) => {
    const step = steps[members[0]];
    const milliseconds = median(runs.flatMap((run) => members.map((member) => run[member])));
    const { rate, unit } = rateOf(step, milliseconds);
    const ceiling = unit === 'GFLOP/s' ? ceilings?.multiplyAdd : ceilings?.copy;
    return {
      kernel: nameOf(step),
      shape: shapeOf(step),
      calls: members.length,
      milliseconds,
      share: median(runs.map((run) => sum(members.map((member) => run[member])))) / total,
      rate,
      unit,
      ofCeiling: ceiling && (1e9 * rate) / ceiling,
    };
  });
  return rows.sort((a, b) => b.share - a.share);
}

/**
 * Prints what a plan's time goes into, and returns it.
 * @param what the plan computes
 * @param least rows with a smaller share of the run become one line
 */
export function printKernels(
  what: string,
  profiled: Profiled,
  ceilings: Ceilings | undefined,
  least = 0,
): ReturnType<typeof kernelRows> {
  const { steps, runs, clock } = profiled;
  const rows = kernelRows(profiled, ceilings);
  const lines = rows
    .filter(({ share }) => share >= least)
    .map(({ kernel, shape, calls, milliseconds, share, rate, unit, ofCeiling }) => ({
      kernel,
      shape,
      calls: String(calls),
      'ms a call': digits(milliseconds),
      'of run': percent(share),
      rate: digits(rate),
      '': unit,
      'of ceiling': percent(ofCeiling),
    }));
  const rest = rows.filter(({ share }) => share < least);
  const others = {
    kernel: `${rest.length} others`,
    calls: String(sum(rest.map(({ calls }) => calls))),
    'of run': percent(sum(rest.map(({ share }) => share))),
  };
  const counts = `${plural(steps.length, 'kernel')} of ${what}; ${plural(runs.length, 'run')}`;
  console.log(`\n${counts}, by ${clock}`);
  console.log(table(rest.length > 0 ? [...lines, others] : lines));
  if (rows.length > 1) console.log(productsInWords(profiled, ceilings));
  return rows;
}

/** One line about all products of a plan together. */
export function productsInWords({ steps, runs }: Profiled, ceilings: Ceilings | undefined): string {
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
