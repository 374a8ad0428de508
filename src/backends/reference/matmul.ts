import type { Epilogue, Step } from '../../compiler/plan.js';
import type { View } from '../../compiler/view.js';
import { axesOf, positions, values, type Buffers } from './elements.js';
import { functions } from './functions.js';

// Module constants, because test runners with contexts of their own make every look-up of a global slow.
const { exp, max, min } = Math;
const { NEGATIVE_INFINITY } = Number;

/** Every sum in float64, then the epilogue, in the order in which it is defined. */
export function matmul(
  { epilogue, inputs, output }: Extract<Step, { kind: 'matmul' }>,
  buffers: Buffers,
): void {
  const [a, b, ...rest] = inputs;
  const [left, right, target] = [a, b, output].map((view) => buffers[view.buffer]);
  const [m, k] = a.shape.slice(-2);
  const n = b.shape[b.shape.length - 1];
  const [strideAM, strideAK] = a.strides.slice(-2);
  const [strideBK, strideBN] = b.strides.slice(-2);
  const finish = epilogueOf(epilogue, rest, buffers);
  const [strideRow, strideColumn] = output.strides.slice(-2);
  const [startsA, startsB, startsOutput] = [a, b, output].map((view) =>
    positions(axesOf(view, 0, view.shape.length - 2)),
  );
  startsA.forEach((startA, batch) => {
    for (let row = 0; row < m; row++) {
      const to = startsOutput[batch] + row * strideRow;
      const line = { values: left, start: startA + row * strideAM, stride: strideAK };
      for (let column = 0; column < n; column += 4) {
        const starts = [0, 1, 2, 3].map((j) => startsB[batch] + min(column + j, n - 1) * strideBN);
        const sums = fourDotProducts(k, line, { values: right, starts, stride: strideBK });
        for (let j = 0; j < min(4, n - column); j++)
          target[to + (column + j) * strideColumn] = finish(
            sums[j],
            (batch * m + row) * n + column + j,
            column + j,
          );
      }
      if (epilogue.softmax) softmaxRow(target, to, n, strideColumn);
    }
  });
}

const activations: Readonly<Record<Epilogue['activation'], (sum: number, x: number) => number>> = {
  none: (sum) => sum,
  gelu: (sum) => functions.gelu(sum, 0, 0),
  geluGradient: (sum, x) => functions.geluGradient(x, sum, 0),
};

/** What becomes of a sum at a place in the output (row-major) and its column; all but the softmax. */
function epilogueOf(
  { scale, bias, activation, residual }: Epilogue,
  operands: readonly View[],
  buffers: Buffers,
): (sum: number, at: number, column: number) => number {
  const rest = operands.map((view) => values(view, buffers));
  const shifts = bias ? rest.shift()! : undefined;
  const residuals = residual ? rest.shift()! : undefined;
  const preActivations = rest.at(0);
  const activate = activations[activation];
  return (sum, at, column) => {
    const value = activate(
      scale * sum + (shifts ? shifts[column] : 0),
      preActivations ? preActivations[at] : 0,
    );
    return residuals ? value + residuals[at] : value;
  };
}

function softmaxRow(target: Float64Array, start: number, extent: number, stride: number): void {
  const end = start + extent * stride;
  let highest = NEGATIVE_INFINITY;
  for (let at = start; at !== end; at += stride) highest = max(highest, target[at]);
  let total = 0;
  for (let at = start; at !== end; at += stride) total += target[at] = exp(target[at] - highest);
  for (let at = start; at !== end; at += stride) target[at] /= total;
}

/** Four at a time, because a single sum would wait for each addition to finish before the next begins. */
function fourDotProducts(
  k: number,
  line: { values: Float64Array; start: number; stride: number },
  columns: { values: Float64Array; starts: readonly number[]; stride: number },
): readonly number[] {
  const { values: a, stride: strideA } = line;
  const { values: b, stride: strideB } = columns;
  let at = line.start;
  let [at0, at1, at2, at3] = columns.starts;
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  for (let i = 0; i < k; i++) {
    const factor = a[at];
    sum0 += factor * b[at0];
    sum1 += factor * b[at1];
    sum2 += factor * b[at2];
    sum3 += factor * b[at3];
    at += strideA;
    at0 += strideB;
    at1 += strideB;
    at2 += strideB;
    at3 += strideB;
  }
  return [sum0, sum1, sum2, sum3];
}
