import {
  add,
  divide,
  equal,
  exp,
  gelu,
  gradient,
  greater,
  less,
  log,
  multiply,
  negate,
  normalCdf,
  relu,
  sigmoid,
  sqrt,
  subtract,
  swiGlu,
  where,
  type ElementFunction,
  type Shape,
} from '../../../tensor/index.js';
import { several, type KernelSizes, type Trial, type Trials } from './trial.js';

// With extents of 1, primes, and sizes that no vector width divides.
const shapes: readonly Shape[] = [
  [],
  [1],
  [7],
  [197],
  [3, 1],
  [1, 5],
  [2, 3, 197],
  [4, 64],
  [3, 1, 2, 5],
  [2, 0, 3],
];

/** Shapes that broadcast together. */
const pairs: readonly (readonly Shape[])[] = [
  [[], []],
  [[197], [197]],
  [
    [3, 1],
    [1, 5],
  ],
  [[2, 3, 197], [197]],
  [
    [2, 1, 5],
    [3, 1],
  ],
  [[1], [4, 1, 2]],
  [[3, 197, 4], []],
];

const sizes = (operands: number): KernelSizes => ({
  meanings: [['N']],
  shapes: (n) => Array.from({ length: operands }, () => [n]),
});

const one = {
  shapes: shapes.map((shape) => [shape]),
  kernel: sizes(1),
  range: [-5, 5],
} satisfies Partial<Trial>;
const two = { shapes: pairs, kernel: sizes(2) };

/** WGSL allows `exp` an error of 3 + 2 |x| units in the last place; `gelu` and its factor have one of x^2 / 2 = 12.5 in
 * their tails.
 */
const [exponential, tail] = [2e-6, 4e-6];

export const elements: Trials<ElementFunction> = {
  negate: { ...one, build: negate, relative: 0 },
  relu: { ...one, build: relu, relative: 0 },
  exp: { ...one, build: exp, relative: exponential },
  // Near 1, where it is near 0, WGSL promises an absolute error alone.
  log: { ...one, shapes: several(shapes).map((shape) => [shape]), build: log, range: [0.1, 5] },
  sqrt: { ...one, build: sqrt, range: [0.1, 5] },
  gelu: { ...one, build: gelu, relative: tail },
  normalCdf: { ...one, build: normalCdf, relative: tail },
  sigmoid: { ...one, build: sigmoid, relative: exponential },
  add: { ...two, build: add },
  subtract: { ...two, build: subtract },
  multiply: { ...two, build: multiply },
  // Away from 0, where a quotient's rounding error is unbounded.
  divide: { ...two, build: divide, range: [0.5, 2] },
  equal: { ...two, build: equal, relative: 0 },
  less: { ...two, build: less, relative: 0 },
  greater: { ...two, build: greater, relative: 0 },
  geluGradient: {
    build: (x, g) => gradient(gelu(x), [x], { seed: g })[0],
    shapes: several(shapes).map((shape) => [shape, shape]),
    kernel: sizes(2),
    range: [-5, 5],
    relative: tail,
  },
  swiGlu: { ...two, build: swiGlu, range: [-5, 5], relative: exponential },
  where: {
    build: where,
    shapes: [...pairs.map(([a, b]) => [a, b, a]), ...pairs.map(([a, b]) => [b, a, b])],
    kernel: sizes(3),
    relative: 0,
  },
};
