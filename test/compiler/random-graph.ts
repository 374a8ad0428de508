import * as v from '../../src/index.js';

/*
 * Graphs of what the language has, put together at random: slices that start, end and overlap anywhere, among row-wise
 * operations, products and views. Without steps and poles, near which a rounding error is no small error.
 */

type Pick = <T>(choices: readonly T[]) => T;

/** A graph on two inputs, `x` `[2, 6, 4]` and `w` `[4, 4]`, and some nodes in the middle of it. */
export function randomGraph(random: () => number, length: number): { inputs: v.Tensor[]; nodes: v.Tensor[] } {
  const whole = (limit: number): number => Math.floor(random() * limit);
  const pick: Pick = (choices) => choices[whole(choices.length)];
  const inputs = [v.input('x', [2, 6, 4]), v.input('w', [4, 4])];
  const nodes = [inputs[0]];
  for (let i = 0; i < length; i++) {
    // Mostly what came last, so that graphs are deep.
    const x = random() < 0.6 ? nodes[nodes.length - 1] : pick(nodes);
    nodes.push(grow(x, pick(nodes), inputs[1], whole, pick));
  }
  return { inputs, nodes };
}

function grow(x: v.Tensor, y: v.Tensor, w: v.Tensor, whole: (limit: number) => number, pick: Pick): v.Tensor {
  const axis = whole(x.rank);
  const width = x.shape[x.rank - 1];
  const matrix = v.concat([w, v.multiply(w, 0.5)], 1); // [4, 8]
  const vector = v.select(w, 0, 1); // [4]
  const cut = (tensor: v.Tensor): v.Tensor => {
    const extent = tensor.shape[axis];
    const start = whole(extent);
    return v.slice(tensor, axis, start, start + 1 + whole(extent - start));
  };
  const together = x.shape.join() === y.shape.join() ? y : v.multiply(x, x);
  const growths: (() => v.Tensor)[] = [
    () => cut(x),
    () => cut(x),
    () => cut(x),
    () => v.select(v.concat([x, x], axis), axis, whole(x.shape[axis])),
    () => pick([v.relu, v.negate, v.gelu, v.softmax])(x),
    () => v.multiply(v.sum(x, { axes: axis, keepDims: true }), pick([0.5, 0.25])),
    () => pick([v.mean, v.max, v.min])(x, { axes: axis, keepDims: pick([true, false]) }),
    () => v.multiply(x, 0.5),
    () => v.add(x, pick([0, 0.5])),
    () => pick([v.add, v.subtract])(x, together),
    () => v.multiply(v.softmax(x), together),
    () => v.where(v.greater(together, 0), x, pick([0, together])),
    () => v.concat([cut(x), v.negate(x), cut(x)], axis),
    () => v.concat([v.expand(v.literal(0), x.shape), pick([x, v.negate(x)])], axis),
    () => v.permute(x, [...x.shape.keys()].toReversed()),
    () => v.reshape(x, [x.size / width, width]),
    () => v.reshape(x, width % 2 === 0 ? [...x.shape.slice(0, -1), 2, width / 2] : [x.size]),
    () => v.expand(v.slice(x, axis, 0, 1), x.shape),
    () => (width === 4 && x.rank > 1 ? v.matmul(x, matrix, v.select(matrix, 0, 0)) : v.gelu(x)),
    () => (width === 4 && x.rank > 1 ? v.matmul(x, w) : v.gelu(x)),
    () => (width === 4 ? v.layerNorm(x, vector, vector, 0.1) : v.relu(x)),
    () => (x.rank > 1 ? v.softmax(v.multiply(v.matmul(x, v.transpose(together)), 0.3)) : x),
    () => (x.rank > 1 ? v.matmul(v.multiply(v.transpose(x), 0.2), together) : x),
  ];
  const grown = pick(growths)();
  return grown.size === 0 || grown.size > 500 || grown.rank === 0 || grown.rank > 4 ? x : grown;
}
