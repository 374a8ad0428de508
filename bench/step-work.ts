import { sizeOf, type Step } from 'vitrine';

/** What a step has to do at least. */
export interface Work {
  /** Floating-point operations of a product; bytes of anything else, each element read once and written once. */
  readonly amount: number;
  readonly unit: 'GFLOP/s' | 'GB/s';
}

const floatBytes = 4;

export function workOf(step: Step): Work {
  if (step.kind === 'matmul') {
    return { amount: 2 * sizeOf(step.output.shape) * foldedOf(step), unit: 'GFLOP/s' };
  }
  const elements = [...step.inputs, step.output].map(({ shape, strides }) =>
    // Along an axis of stride 0 an element is the same one again.
    sizeOf(shape.filter((_, axis) => strides[axis] !== 0)),
  );
  return { amount: floatBytes * elements.reduce((sum, count) => sum + count, 0), unit: 'GB/s' };
}

/** How fast a step was, in the unit of its work. */
export function rateOf(step: Step, milliseconds: number): { rate: number; unit: Work['unit'] } {
  const { amount, unit } = workOf(step);
  return { rate: amount / 1e6 / milliseconds, unit };
}

/** The kind, the function that it applies, and what a product does to its result on the way out. */
export function nameOf(step: Step): string {
  const does = 'function' in step ? ` ${step.function}` : '';
  return [`${step.kind}${does}`, ...epilogueOf(step)].join(' + ');
}

/** `BxMxKxN` of a product, `RxC` of what goes row by row, `KxF` of a reduction, the number of elements of a map. */
export function shapeOf(step: Step): string {
  const { shape } = step.output;
  switch (step.kind) {
    case 'matmul': {
      const [m, n] = shape.slice(-2);
      return `${sizeOf(shape.slice(0, -2))}x${m}x${foldedOf(step)}x${n}`;
    }
    case 'map':
      return String(sizeOf(shape));
    case 'reduce': {
      const [{ shape: whole }] = step.inputs;
      return `${sizeOf(whole.slice(0, step.kept))}x${sizeOf(whole.slice(step.kept))}`;
    }
    default:
      return `${sizeOf(shape.slice(0, -1))}x${shape.at(-1) ?? 1}`;
  }
}

function foldedOf({ inputs: [a] }: Extract<Step, { kind: 'matmul' }>): number {
  return a.shape.at(-1) ?? 1;
}

function epilogueOf(step: Step): string[] {
  if (step.kind === 'layerNormGradient') return step.inputs.length > 3 ? ['residual'] : [];
  if (step.kind !== 'matmul') return [];
  const { scale, bias, activation, residual, softmax } = step.epilogue;
  const done = { scale: scale !== 1, bias, [activation]: activation !== 'none', residual, softmax };
  return Object.entries(done).flatMap(([name, isDone]) => (isDone ? [name] : []));
}
