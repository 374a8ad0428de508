import {
  add,
  divide,
  equal,
  exp,
  gelu,
  gradient,
  greater,
  input,
  largestMask,
  layerNorm,
  less,
  log,
  matmul,
  max,
  mean,
  min,
  multiply,
  negate,
  relu,
  softmax,
  softmaxGradient,
  sqrt,
  subtract,
  sum,
  UsageError,
  where,
  type Tensor,
} from 'vitrine';
import { parseShape } from './shape.js';

/** How to make a kernel's graph of a shape. */
interface Case {
  /** For each number of extents, what they are. */
  readonly meanings: readonly (readonly string[])[];
  readonly graph: (...extents: number[]) => Tensor;
}

const epsilon = 1e-6;
const rows = [['R', 'C']];

const unary = { exp, gelu, log, negate, relu, sqrt };
const binary = { add, subtract, multiply, divide, equal, greater, less };
const reductions = { sum, mean, max, min };

const cases: Readonly<Record<string, Case>> = {
  softmax: { meanings: rows, graph: (r, c) => softmax(input('x', [r, c])) },
  softmaxGradient: {
    meanings: rows,
    graph: (r, c) => softmaxGradient(input('y', [r, c]), input('g', [r, c])),
  },
  layerNorm: { meanings: rows, graph: (r, c) => norm(r, c) },
  layerNormGradient: {
    meanings: rows,
    graph: (r, c) => {
      const x = input('x', [r, c]);
      return gradient(norm(r, c, x), [x], { seed: input('g', [r, c]) })[0];
    },
  },
  largestMask: { meanings: rows, graph: (r, c) => largestMask(input('x', [r, c]), c >> 1) },
  geluGradient: {
    meanings: [['N']],
    graph: (n) => {
      const x = input('x', [n]);
      return gradient(gelu(x), [x], { seed: input('g', [n]) })[0];
    },
  },
  where: { meanings: [['N']], graph: (n) => where(input('c', [n]), input('a', [n]), input('b', [n])) },
  ...map(unary, (apply): Case => ({ meanings: [['N']], graph: (n) => apply(input('x', [n])) })),
  ...map(binary, (apply): Case => ({
    meanings: [['N']],
    graph: (n) => apply(input('a', [n]), input('b', [n])),
  })),
  ...map(reductions, (apply): Case => ({
    meanings: rows,
    graph: (r, c) => apply(input('x', [r, c]), { axes: [1] }),
  })),
};

/** What a product may be followed by, as in `matmul+bias+gelu`: one kernel where the backend can fuse it. */
const followers = ['scale', 'bias', 'gelu', 'residual', 'softmax'];

/**
 * The graph of one kernel.
 * @param name such as `softmax` or `matmul+bias`
 * @throws UsageError if there is no such kernel, or the shape is not one of it
 */
export function kernelGraph(name: string, shape: string): Tensor {
  const [first, ...after] = name.split('+').map((part) => part.trim());
  if (first === 'matmul') return product(name, after, shape);
  const found = Object.hasOwn(cases, first) ? cases[first] : undefined;
  if (found === undefined || after.length > 0) {
    const known = ['matmul', ...Object.keys(cases)].join(', ');
    throw new UsageError(
      `--kernel does not know "${name}"; choose one of: ${known}; ` +
        `matmul may be followed by ${followers.map((follower) => `+${follower}`).join(', ')}.`,
    );
  }
  return found.graph(...parseShape(shape, first, found.meanings));
}

function product(name: string, after: readonly string[], shape: string): Tensor {
  const extents = parseShape(shape, 'matmul', [
    ['M', 'K', 'N'],
    ['B', 'M', 'K', 'N'],
  ]);
  const [m, k, n] = extents.slice(-3);
  const batch = extents.slice(0, -3);
  const bias = after.includes('bias') ? [input('bias', [n])] : [];
  const result = matmul(input('a', [...batch, m, k]), input('b', [...batch, k, n]), ...bias);
  return after.reduce((x, follower) => {
    switch (follower) {
      case 'bias':
        return x;
      case 'scale':
        return multiply(x, 0.125);
      case 'gelu':
        return gelu(x);
      case 'residual':
        return add(x, input('residual', x.shape));
      case 'softmax':
        return softmax(x);
      default:
        throw new UsageError(
          `--kernel is "${name}"; matmul may be followed by ${followers.map((known) => `+${known}`).join(', ')}.`,
        );
    }
  }, result);
}

function norm(r: number, c: number, x = input('x', [r, c])): Tensor {
  return layerNorm(x, input('weight', [c]), input('bias', [c]), epsilon);
}

function map<Name extends string, From, To>(
  record: Record<Name, From>,
  change: (value: From) => To,
): Record<Name, To> {
  return Object.fromEntries(
    Object.entries<From>(record).map(([name, value]) => [name, change(value)]),
  ) as Record<Name, To>;
}
