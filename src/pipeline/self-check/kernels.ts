import { ReferenceBackend } from '../../backends/reference/reference.js';
import type { Backend } from '../../compiler/backend.js';
import { compile } from '../../compiler/compile.js';
import {
  gradient,
  input,
  largestMask,
  layerNorm,
  max,
  mean,
  min,
  multiply,
  softmax,
  sum,
  type Shape,
  type Tensor,
  type Values,
} from '../../tensor/index.js';
import { absoluteError, compareRow, relativeError, type SelfCheckRow } from './report.js';
import { trials } from './trials/index.js';
import { usualRange, type Trial } from './trials/trial.js';

/** What the micro model lacks is the size of DeiT-tiny's attention: `[heads, tokens, tokens]`. */
const [heads, tokens] = [3, 197];

type Kernel = Pick<Trial, 'build' | 'range' | 'relative'> & { readonly shapes: readonly Shape[] };

/** Each operation that has a kernel of its own; along every axis as many as there are tokens. */
const alone = Object.entries<Trial>(trials).flatMap(([name, { kernel, ...trial }]): [string, Kernel][] => {
  if (!kernel) return [];
  const [axes] = kernel.meanings;
  const extents = axes.length > 1 ? axes.map(() => tokens) : [tokens * tokens];
  return [[name, { ...trial, shapes: kernel.shapes(...extents) }]];
});

/** What explanations use and the micro model does not, or not at this size. */
const attention = [heads, tokens, tokens];
const ofAttention = (build: Kernel['build'], relative: number, others: readonly Shape[] = []): Kernel => ({
  build,
  relative,
  range: [0, 1],
  shapes: [attention, ...others],
});
const others: Readonly<Record<string, Kernel>> = {
  'mean over heads': ofAttention((x) => mean(x, { axes: 0 }), 1e-5),
  'max over heads': ofAttention((x) => max(x, { axes: 0 }), 0),
  'min over heads': ofAttention((x) => min(x, { axes: 0 }), 0),
  'largestMask of 38809, ties': {
    ...ofAttention((x) => largestMask(x, 34928), 0),
    shapes: [[heads, tokens * tokens]],
  },
  'softmax of 197, gradient': ofAttention((x, y) => gradient(sum(multiply(softmax(x), y)), [x])[0], 2e-5, [
    attention,
  ]),
  'layerNorm of 197, gradient': ofAttention(
    (x, y, weight) => gradient(sum(multiply(layerNorm(x, weight, weight, 1e-6), y)), [x])[0],
    2e-5,
    [attention, [tokens]],
  ),
};

const kernels: ReadonlyMap<string, Kernel> = new Map([...alone, ...Object.entries(others)]);

/** Runs each kernel on the backend and on `ReferenceBackend`. */
export async function checkKernels(backend: Backend): Promise<SelfCheckRow[]> {
  const [actual, expected] = [await runKernels(backend), await runKernels(new ReferenceBackend())];
  return [...kernels].map(([name, { relative: bound = 1e-6 }]) =>
    compareRow(`kernel: ${name}`, bound === 0 ? absoluteError : relativeError, bound, [
      { name, actual: actual[name], expected: expected[name] },
    ]),
  );
}

async function runKernels(backend: Backend): Promise<Record<string, Values>> {
  const outputs: Record<string, Tensor> = {};
  const values: Record<string, Values> = {};
  for (const [name, { build, shapes, range = usualRange }] of kernels) {
    const inputs = shapes.map((shape, position) => input(`${name} ${position}`, shape));
    outputs[name] = build(...inputs);
    inputs.forEach(({ size }, position) => {
      values[`${name} ${position}`] = pseudoRandom(size, position + 1, range);
    });
  }
  const program = await compile(outputs, backend);
  try {
    return await program.run(values);
  } finally {
    program.dispose();
  }
}

/**
 * 256 numbers that lie evenly in a range, the low end included, the same at every call: with many ties.
 * Source of the generator: Press et al., "Numerical Recipes", 1992, section 7.1.
 */
function pseudoRandom(size: number, seed: number, [low, high]: readonly [number, number]): Float32Array {
  let state = seed;
  return Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    // The low bits repeat early; the high ones do not.
    return low + ((high - low) * (state >>> 24)) / 256;
  });
}
