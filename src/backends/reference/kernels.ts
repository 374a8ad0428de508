import type { Made, MapFunction, Step } from '../../compiler/plan.js';
import type { View } from '../../compiler/view.js';
import { sizeOf } from '../../tensor/index.js';
import { axesOf, positions, values, type Buffers } from './elements.js';
import { functions, reductions } from './functions.js';
import { matmul } from './matmul.js';

/*
 * One function for each kind of step, written to be read: no blocking, no vectors, every sum in float64.
 * This is what all other backends are compared with.
 */

// Module constants, because test runners with contexts of their own make every look-up of a global slow.
const { exp, max, min, sqrt } = Math;
const { isNaN, MAX_VALUE, NEGATIVE_INFINITY, POSITIVE_INFINITY } = Number;

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>;

const kernels: { readonly [K in Step['kind']]: (step: StepOf<K>, buffers: Buffers) => void } = {
  map,
  reduce,
  softmax,
  softmaxGradient,
  layerNorm,
  layerNormGradient,
  largestMask,
  matmul,
};

/** Runs one step. */
export function execute(step: Step, buffers: Buffers): void {
  // TypeScript does not see that a step's kind finds the function for this very kind.
  const kernel = kernels[step.kind] as (step: Step, buffers: Buffers) => void;
  kernel(step, buffers);
}

function map(step: StepOf<'map'>, buffers: Buffers): void {
  const unused = new Float64Array(0);
  const [a, b = unused, c = unused] = step.inputs.map((view) => values(view, buffers));
  const output = buffers[step.output.buffer];
  const apply = functions[step.function];
  const at = positions(step.output);
  for (let i = 0; i < at.length; i++) output[at[i]] = apply(a[i], b[i], c[i]);
}

/** The functions that make what is folded, one after the other. */
const makers: Readonly<Record<Made, readonly MapFunction[]>> = {
  copy: ['copy'],
  multiply: ['multiply'],
  relu: ['relu'],
  multiplyRelu: ['multiply', 'relu'],
};

function reduce({ function: name, made, inputs, output }: StepOf<'reduce'>, buffers: Buffers): void {
  const unused = new Float64Array(0);
  const [a, b = unused] = inputs.map((view) => values(view, buffers));
  const make = makers[made].map((maker) => functions[maker]);
  const groups = sizeOf(output.shape);
  const members = a.length / groups;
  const target = buffers[output.buffer];
  const { start, fold, finish } = reductions[name];
  for (let group = 0; group < groups; group++) {
    let result = start;
    for (let i = group * members; i < (group + 1) * members; i++) {
      result = fold(
        result,
        make.reduce((x, apply) => apply(x, b[i], 0), a[i]),
      );
    }
    target[output.offset + group] = finish(result, members);
  }
}

function softmax({ inputs: [input], output }: StepOf<'softmax'>, buffers: Buffers): void {
  const [source, target] = [buffers[input.buffer], buffers[output.buffer]];
  forEachRow(input, output, (from, to, extent, stride) => {
    let highest = NEGATIVE_INFINITY;
    for (let i = 0; i < extent; i++) highest = max(highest, source[from + i * stride]);
    let total = 0;
    for (let i = 0; i < extent; i++) total += target[to + i] = exp(source[from + i * stride] - highest);
    for (let i = 0; i < extent; i++) target[to + i] /= total;
  });
}

function layerNorm({ epsilon, inputs, output }: StepOf<'layerNorm'>, buffers: Buffers): void {
  const [input, weight, bias] = inputs;
  const [source, target] = [buffers[input.buffer], buffers[output.buffer]];
  const [scales, shifts] = [weight, bias].map((view) => values(view, buffers));
  forEachRow(input, output, (from, to, extent, stride) => {
    const { mean, deviation } = moments(source, from, extent, stride, epsilon);
    const scale = 1 / deviation;
    for (let i = 0; i < extent; i++) {
      target[to + i] = (source[from + i * stride] - mean) * scale * scales[i] + shifts[i];
    }
  });
}

function largestMask({ discarded, inputs: [input], output }: StepOf<'largestMask'>, buffers: Buffers): void {
  const [source, target] = [buffers[input.buffer], buffers[output.buffer]];
  forEachRow(input, output, (from, to, extent, stride) => {
    const ranks = Float64Array.from({ length: extent }, (_, i) => {
      const value = source[from + i * stride];
      return isNaN(value) ? POSITIVE_INFINITY : min(value, MAX_VALUE);
    });
    const limit = ranks.slice().sort()[discarded - 1];
    let remaining = discarded - ranks.filter((rank) => rank < limit).length;
    ranks.forEach((rank, i) => {
      const goes = rank < limit || (rank === limit && remaining-- > 0);
      target[to + i] = goes ? 0 : 1;
    });
  });
}

function softmaxGradient({ inputs: [y, g], output }: StepOf<'softmaxGradient'>, buffers: Buffers): void {
  const [softmaxed, gradient] = [values(y, buffers), values(g, buffers)];
  const target = buffers[output.buffer];
  forEachRow(output, output, (start, to, extent) => {
    const from = start - output.offset;
    let dot = 0;
    for (let i = 0; i < extent; i++) dot += softmaxed[from + i] * gradient[from + i];
    for (let i = 0; i < extent; i++) target[to + i] = softmaxed[from + i] * (gradient[from + i] - dot);
  });
}

function layerNormGradient({ epsilon, inputs, output }: StepOf<'layerNormGradient'>, buffers: Buffers): void {
  const operands = inputs.map((view) => values(view, buffers));
  const [x, scales, gradient] = operands;
  const residual = operands.at(3);
  const target = buffers[output.buffer];
  forEachRow(output, output, (start, to, extent) => {
    const from = start - output.offset;
    const { mean, deviation } = moments(x, from, extent, 1, epsilon);
    const z = (i: number): number => (x[from + i] - mean) / deviation;
    const u = (i: number): number => gradient[from + i] * scales[i];
    let [meanU, meanUZ] = [0, 0];
    for (let i = 0; i < extent; i++) {
      meanU += u(i) / extent;
      meanUZ += (u(i) * z(i)) / extent;
    }
    for (let i = 0; i < extent; i++) {
      target[to + i] = (u(i) - meanU - z(i) * meanUZ) / deviation + (residual ? residual[from + i] : 0);
    }
  });
}

/** Mean of a row, and the square root of its variance plus epsilon; the variance in a second pass about the mean. */
function moments(
  source: Float64Array,
  from: number,
  extent: number,
  stride: number,
  epsilon: number,
): { mean: number; deviation: number } {
  let mean = 0;
  for (let i = 0; i < extent; i++) mean += source[from + i * stride] / extent;
  let variance = 0;
  for (let i = 0; i < extent; i++) variance += (source[from + i * stride] - mean) ** 2 / extent;
  return { mean, deviation: sqrt(variance + epsilon) };
}

/** Calls `visit` for each row along the last axis, with where it starts in the input and in the output. */
function forEachRow(
  input: View,
  output: View,
  visit: (from: number, to: number, extent: number, stride: number) => void,
): void {
  const last = input.shape.length - 1;
  const extent = input.shape[last];
  positions(axesOf(input, 0, last)).forEach((from, row) => {
    visit(from, output.offset + row * extent, extent, input.strides[last]);
  });
}
