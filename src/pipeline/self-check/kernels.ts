import { ReferenceBackend } from '../../backends/reference/reference.js';
import type { Backend } from '../../compiler/backend.js';
import { compile } from '../../compiler/compile.js';
import {
  gradient,
  input,
  largestMask,
  layerNorm,
  less,
  matmul,
  max,
  mean,
  min,
  multiply,
  relu,
  reshape,
  select,
  sizeOf,
  softmax,
  subtract,
  sum,
  where,
  type Tensor,
  type Values,
} from '../../tensor/index.js';
import { absoluteError, compareRow, relativeError, type SelfCheckRow } from './report.js';

/** The attention of one layer of DeiT-tiny, `[batch, heads, tokens, tokens]`: a size that the micro model lacks. */
const shape = [1, 3, 197, 197];

interface Kernel {
  readonly build: (x: Tensor, y: Tensor) => Tensor;
  /** On the relative error in the Euclidean norm; 0 where nothing is rounded. */
  readonly bound: number;
}

/** What explanations use and the micro model does not, or not at this size. */
const kernels: Readonly<Record<string, Kernel>> = {
  'mean over heads': { build: (x) => mean(x, { axes: 1 }), bound: 1e-5 },
  'max over heads': { build: (x) => max(x, { axes: 1 }), bound: 0 },
  'min over heads': { build: (x) => min(x, { axes: 1 }), bound: 0 },
  'sum over 197 tokens': { build: (x) => sum(x, { axes: 3 }), bound: 1e-5 },
  'largestMask of 197, ties': { build: (x) => largestMask(x, 177), bound: 0 },
  'largestMask of 38809, ties': {
    build: (x) => largestMask(reshape(x, [3, 197 * 197]), 34928),
    bound: 0,
  },
  where: { build: (x, y) => where(less(x, y), x, y), bound: 0 },
  relu: { build: (x, y) => relu(subtract(x, y)), bound: 0 },
  'matmul of 197 x 197': { build: (x, y) => matmul(select(x, 1, 0), select(y, 1, 0)), bound: 1e-6 },
  'softmax of 197, gradient': {
    build: (x, y) => gradient(sum(multiply(softmax(x), y)), [x])[0],
    bound: 2e-5,
  },
  'layerNorm of 197, gradient': {
    build: (x, y) => {
      const weight = select(select(select(y, 0, 0), 0, 0), 0, 0); // [197]
      return gradient(sum(multiply(layerNorm(x, weight, weight, 1e-6), y)), [x])[0];
    },
    bound: 2e-5,
  },
};

/** Runs each kernel on the backend and on `ReferenceBackend`. */
export async function checkKernels(backend: Backend): Promise<SelfCheckRow[]> {
  const [actual, expected] = [await runKernels(backend), await runKernels(new ReferenceBackend())];
  return Object.entries(kernels).map(([name, { bound }]) =>
    compareRow(`kernel: ${name}`, bound === 0 ? absoluteError : relativeError, bound, [
      { name, actual: actual[name], expected: expected[name] },
    ]),
  );
}

async function runKernels(backend: Backend): Promise<Record<string, Values>> {
  const [x, y] = [input('x', shape), input('y', shape)];
  const outputs = Object.entries(kernels).map(([name, { build }]) => [name, build(x, y)] as const);
  const program = await compile(Object.fromEntries(outputs), backend);
  try {
    return await program.run({ x: pseudoRandom(1), y: pseudoRandom(2) });
  } finally {
    program.dispose();
  }
}

/**
 * Multiples of 1/256 from 0 up to 1, the same at every call: exact in float32, and with many ties.
 * Source of the generator: Press et al., "Numerical Recipes", 1992, section 7.1.
 */
function pseudoRandom(seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: sizeOf(shape) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    // The low bits repeat early; the high ones do not.
    return (state >>> 24) / 256;
  });
}
