import {
  add,
  gelu,
  input,
  matmul,
  multiply,
  softmax,
  trials,
  UsageError,
  type Shape,
  type Tensor,
  type Trial,
} from 'vitrine';
import { parseShape } from './shape.js';

/** What a product may be followed by, as in `matmul+bias+gelu`: one kernel where the backend can fuse it. */
const followers: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  scale: (x) => multiply(x, 0.125),
  // The product itself takes it.
  bias: (x) => x,
  gelu,
  residual: (x) => add(x, input('residual', x.shape)),
  softmax,
};

const mayFollow = `matmul may be followed by ${Object.keys(followers)
  .map((name) => `+${name}`)
  .join(', ')}.`;

/**
 * The graph of one kernel.
 * @param name such as `softmax` or `matmul+bias`
 * @throws UsageError if there is no such kernel, or the shape is not one of it
 */
export function kernelGraph(name: string, shape: string): Tensor {
  const [first, ...after] = name.split('+').map((part) => part.trim());
  const found = kernels.get(first);
  if (found === undefined || (after.length > 0 && first !== 'matmul')) {
    throw new UsageError(
      `--kernel does not know "${name}"; choose one of: ${[...kernels.keys()].join(', ')}; ${mayFollow}`,
    );
  }
  const { build, kernel } = found;
  const inputs = named(kernel.shapes(...parseShape(shape, first, kernel.meanings)));
  return first === 'matmul' ? product(name, inputs, after) : build(...inputs);
}

type Kernel = Trial & Required<Pick<Trial, 'kernel'>>;

const isKernel = (entry: [string, Trial]): entry is [string, Kernel] => entry[1].kernel !== undefined;
const kernels = new Map(Object.entries<Trial>(trials).filter(isKernel));

function product(name: string, [a, b]: readonly Tensor[], after: readonly string[]): Tensor {
  const bias = after.includes('bias') ? [input('bias', b.shape.slice(-1))] : [];
  return after.reduce(
    (x, follower) => {
      if (!Object.hasOwn(followers, follower)) throw new UsageError(`--kernel is "${name}"; ${mayFollow}`);
      return followers[follower](x);
    },
    matmul(a, b, ...bias),
  );
}

function named(shapes: readonly Shape[]): Tensor[] {
  return shapes.map((shape, position) => input(`x${position}`, shape));
}
