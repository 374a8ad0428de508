import { sizeOf, type Step } from 'vitrine';
import { median } from './statistics.js';

/** All products of one shape in a plan. */
export interface ProductRow {
  readonly batch: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  /** What the same kernel does to the result, such as `bias + gelu`; empty for nothing. */
  readonly epilogue: string;
  readonly calls: number;
  /** Median of one call. */
  readonly milliseconds: number;
  /** Of all calls together, as a share of the time of all steps. */
  readonly share: number;
  readonly gflops: number;
  /** Of what all threads could reach; absent where the ceiling is not known. */
  readonly ofCeiling?: number;
}

/** All steps of one kind that are not products. */
export interface StepRow {
  readonly kind: string;
  readonly calls: number;
  /** Median of all calls of a run together. */
  readonly milliseconds: number;
  readonly share: number;
}

type MatmulStep = Extract<Step, { kind: 'matmul' }>;

/**
 * @param runs for each run, the milliseconds of each step
 * @param ceiling of all threads together, FLOP/s
 */
export function productRows(
  steps: readonly Step[],
  runs: readonly (readonly number[])[],
  ceiling: number | undefined,
): ProductRow[] {
  const total = median(runs.map(sum));
  const rows = group(steps, (step) => (step.kind === 'matmul' ? JSON.stringify(shapeOf(step)) : undefined));
  return [...rows]
    .map(([key, members]) => {
      const shape = JSON.parse(key) as ReturnType<typeof shapeOf>;
      const { batch, m, k, n } = shape;
      const milliseconds = median(runs.flatMap((run) => members.map((step) => run[step])));
      const flops = (2 * batch * m * k * n) / (milliseconds / 1e3);
      return {
        ...shape,
        calls: members.length,
        milliseconds,
        share: median(runs.map((run) => sum(members.map((step) => run[step])))) / total,
        gflops: flops / 1e9,
        ...(ceiling === undefined ? {} : { ofCeiling: flops / ceiling }),
      };
    })
    .sort((a, b) => b.share - a.share);
}

/** @param runs for each run, the milliseconds of each step */
export function stepRows(steps: readonly Step[], runs: readonly (readonly number[])[]): StepRow[] {
  const total = median(runs.map(sum));
  return [...group(steps, (step) => (step.kind === 'matmul' ? undefined : kindOf(step)))]
    .map(([kind, members]) => {
      const milliseconds = median(runs.map((run) => sum(members.map((step) => run[step]))));
      return { kind, calls: members.length, milliseconds, share: milliseconds / total };
    })
    .sort((a, b) => b.share - a.share);
}

function shapeOf({ inputs, output, epilogue }: MatmulStep): {
  batch: number;
  m: number;
  k: number;
  n: number;
  epilogue: string;
} {
  const [m, n] = output.shape.slice(-2);
  const parts = Object.entries(epilogue).flatMap(([name, value]: [string, unknown]) => {
    if (value === false || value === undefined || (name === 'scale' && value === 1)) return [];
    return [typeof value === 'string' ? value : name];
  });
  return {
    batch: sizeOf(output.shape.slice(0, -2)),
    m,
    k: inputs[0].shape[inputs[0].shape.length - 1],
    n,
    epilogue: parts.filter((part) => part !== 'none').join(' + '),
  };
}

/** `map` and `reduce` do what their function says. */
function kindOf(step: Step): string {
  return 'function' in step ? `${step.kind} ${step.function}` : step.kind;
}

/** Indices of the steps that share a key; steps without one are left out. */
function group(steps: readonly Step[], keyOf: (step: Step) => string | undefined): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  steps.forEach((step, index) => {
    const key = keyOf(step);
    if (key === undefined) return;
    const members = groups.get(key);
    if (members) members.push(index);
    else groups.set(key, [index]);
  });
  return groups;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
