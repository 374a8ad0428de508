import type { Step } from '../../compiler/plan.js';
import type { View } from '../../compiler/view.js';
import { sizeOf } from '../../tensor/index.js';
import { functionFiles, reductionFiles } from './functions.js';
import { axes, spread, type Constant, type Kernel } from './kernel.js';
import { productKernel } from './product-kernel.js';
import type { Variants } from './variants.js';

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>;

/** Of kernels that find their elements through `locate`. */
const kernels: {
  readonly [K in Exclude<Step['kind'], 'matmul'>]: (step: StepOf<K>, variants: Variants) => Kernel;
} = {
  map,
  reduce,
  softmax: (step, variants) => foldedRows(step, variants, ['softmax.wgsl'], ['X']),
  softmaxGradient: (step, variants) => foldedRows(step, variants, ['softmax_gradient.wgsl'], ['Y', 'G']),
  layerNorm: (step, variants) =>
    foldedRows(step, variants, ['layer_norm.wgsl', 'moments.wgsl'], ['X', 'WEIGHT', 'BIAS'], {
      EPSILON: { float: step.epsilon },
    }),
  layerNormGradient,
  largestMask,
};

/** The kernel that computes a step. */
export function kernelFor(step: Step, variants: Variants): Kernel {
  if (step.kind === 'matmul') return productKernel(step, variants);
  // TypeScript does not see that a step's kind finds the function for this very kind.
  const describe = kernels[step.kind] as (step: Step, variants: Variants) => Kernel;
  const kernel = describe(step, variants);
  // Along a single axis an element is found without a division.
  const locate = kernel.constants['RANK'] === 1 ? 'locate_one_axis.wgsl' : 'locate.wgsl';
  return { ...kernel, files: [...kernel.files, locate] };
}

/** Threads in a workgroup of the kernels that give each thread one element. */
const THREADS = 64;

function map({ function: name, inputs, output }: StepOf<'map'>): Kernel {
  const operands = { 1: ['X'], 2: ['A', 'B'], 3: ['CONDITION', 'A', 'B'] }[inputs.length]!;
  const file = { 1: 'unary.wgsl', 2: 'binary.wgsl', 3: 'ternary.wgsl' }[inputs.length]!;
  const size = sizeOf(output.shape);
  const workgroups = spread(Math.ceil(size / THREADS));
  const views: [string, View][] = [
    ...inputs.map((view, position): [string, View] => [operands[position], view]),
    ['OUTPUT', output],
  ];
  return {
    files: [file, ...functionFiles[name]],
    constants: {
      SIZE: size,
      WIDTH: workgroups[0] * THREADS,
      RANK: Math.max(1, output.shape.length),
      SHAPE: axes(output.shape, 1),
      ...Object.fromEntries<Constant>(
        views.flatMap(([prefix, view]): [string, Constant][] => [
          [`${prefix}_OFFSET`, view.offset],
          [`${prefix}_STRIDES`, axes(view.strides, 0)],
        ]),
      ),
    },
    bindings: views.map(([, view]) => view),
    workgroups,
  };
}

/** Sets of at least this many elements are folded by a workgroup, smaller ones by a thread. */
const LARGE_SET = 64;

function reduce(
  { function: name, kept, inputs: [input], output }: StepOf<'reduce'>,
  { row }: Variants,
): Kernel {
  const groups = sizeOf(input.shape.slice(0, kept));
  const members = sizeOf(input.shape.slice(kept));
  // Where barriers are dear, a workgroup only pays for a set that is a dispatch's whole work. Longer sums also need
  // the workgroup's tree for their rounding error.
  const byWorkgroup = row === 'workgroup' ? members >= LARGE_SET : members >= LARGE_SET * LARGE_SET;
  const workgroups = spread(byWorkgroup ? groups : Math.ceil(groups / THREADS));
  const rank = Math.max(1, kept, input.shape.length - kept);
  const padded = (list: readonly number[], filler: number): number[] => [
    ...new Array<number>(rank - list.length).fill(filler),
    ...list,
  ];
  return {
    files: [byWorkgroup ? 'reduce_workgroup.wgsl' : 'reduce_thread.wgsl', reductionFiles[name]],
    constants: {
      GROUPS: groups,
      MEMBERS: members,
      WIDTH: byWorkgroup ? workgroups[0] : workgroups[0] * THREADS,
      RANK: rank,
      KEPT_SHAPE: padded(input.shape.slice(0, kept), 1),
      KEPT_STRIDES: padded(input.strides.slice(0, kept), 0),
      FOLDED_SHAPE: padded(input.shape.slice(kept), 1),
      FOLDED_STRIDES: padded(input.strides.slice(kept), 0),
      X_OFFSET: input.offset,
      OUTPUT_OFFSET: output.offset,
    },
    bindings: [input, output],
    workgroups,
  };
}

function layerNormGradient(step: StepOf<'layerNormGradient'>, variants: Variants): Kernel {
  const [x, weight, gradient] = step.inputs;
  const residual = step.inputs.at(3);
  const add = `epilogues/${residual ? 'residual' : 'no_residual'}.wgsl`;
  const files = ['layer_norm_gradient.wgsl', 'moments.wgsl', add];
  // Where nothing is added, the place of x stands for that of what is not read.
  const inputs = [x, weight, gradient, residual ?? x];
  const operands = ['X', 'WEIGHT', 'G', 'RESIDUAL'];
  const kernel = foldedRows({ inputs, output: step.output }, variants, files, operands, {
    EPSILON: { float: step.epsilon },
  });
  return { ...kernel, bindings: [x, weight, gradient, step.output, residual] };
}

/** So many comparisons at most are made to mask rows element by element: less than the barriers of a selection cost. */
const FEW_COMPARISONS = 2 ** 21;

function largestMask(step: StepOf<'largestMask'>): Kernel {
  const columns = step.output.shape[step.output.shape.length - 1];
  const size = sizeOf(step.output.shape);
  const isShort = size * columns <= FEW_COMPARISONS;
  const file = isShort ? 'largest_mask_thread.wgsl' : 'largest_mask.wgsl';
  const kernel = rows(step, [file, 'ordered.wgsl'], ['X'], { DISCARDED: step.discarded });
  if (!isShort) return kernel;
  const workgroups = spread(Math.ceil(size / THREADS));
  return {
    ...kernel,
    constants: { ...kernel.constants, SIZE: size, WIDTH: workgroups[0] * THREADS },
    workgroups,
  };
}

/** Kernels that fold rows over the lanes that work on them. */
function foldedRows(
  step: Parameters<typeof rows>[0],
  { row, rowLanes }: Variants,
  files: readonly string[],
  operands: readonly string[],
  constants: Kernel['constants'] = {},
): Kernel {
  const lanes = row === 'subgroup' ? 'lanes_of_subgroup.wgsl' : 'lanes.wgsl';
  const kernel = rows(step, [...files, lanes], operands, { LANES: rowLanes, ...constants });
  return row === 'subgroup' ? { ...kernel, extensions: ['subgroups'] } : kernel;
}

/**
 * Kernels that treat the last axis row by row, one workgroup a row. Each operand is given to the shader by an
 * offset, the strides of its rows and the stride within a row; a vector, the same for all rows, has row strides 0.
 */
function rows(
  step: { readonly inputs: readonly View[]; readonly output: View },
  files: readonly string[],
  operands: readonly string[],
  constants: Kernel['constants'] = {},
): Kernel {
  const { output, inputs } = step;
  const last = output.shape.length - 1;
  const count = sizeOf(output.shape.slice(0, last));
  const workgroups = spread(count);
  const strides = inputs.map((view) => [
    ...new Array<number>(last + 1 - view.strides.length).fill(0),
    ...view.strides,
  ]);
  return {
    files,
    constants: {
      ROWS: count,
      COLUMNS: output.shape[last],
      WIDTH: workgroups[0],
      RANK: Math.max(1, last),
      ROW_SHAPE: axes(output.shape.slice(0, last), 1),
      ...Object.fromEntries<Constant>(
        operands.flatMap((name, position): [string, Constant][] => [
          [`${name}_OFFSET`, inputs[position].offset],
          [`${name}_ROW_STRIDES`, axes(strides[position].slice(0, last), 0)],
          [`${name}_STRIDE`, strides[position][last]],
        ]),
      ),
      OUTPUT_OFFSET: output.offset,
      ...constants,
    },
    bindings: [...inputs, output],
    workgroups,
  };
}
