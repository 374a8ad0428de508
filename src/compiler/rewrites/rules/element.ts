import { operations, type ElementFunction, type Tensor } from '../../../tensor/index.js';
import {
  extents,
  hull,
  intersect,
  sameBox,
  sameRange,
  wholeBox,
  withRange,
  type Box,
  type Range,
} from '../box.js';
import type { Nodes } from '../nodes.js';
import { anyBox, present, type BoxRules } from './box-rules.js';

export const element: BoxRules<ElementFunction> = {
  support({ operation: { kind }, shape }, supports) {
    const { zeros } = operations[kind];
    if (zeros === 'nowhere') return wholeBox(shape);
    return 'all' in zeros ? combine(hull, supports, zeros.all) : combine(intersect, supports, zeros.any);
  },
  computable: anyBox,
  demands({ operation: { kind }, sources }, box, supports) {
    const { neutral } = operations[kind];
    return neutral?.includes(0) ? sumDemands(neutral, box, supports) : sources.map(() => box);
  },
  build(node, box, demands, sources, nodes) {
    if (sources.includes(null)) return present(sources)[0]; // the other term is 0
    const [given, asked] = [sources as readonly Tensor[], demands as readonly Box[]];
    return asked.every((demand) => sameBox(asked[0], demand))
      ? nodes.make(node.operation, given, extents(box))
      : sumBesideZeros(node, box, asked, given, nodes);
  },
};

function combine(
  two: (a: Box | null, b: Box | null) => Box | null,
  supports: readonly (Box | null)[],
  positions: readonly number[],
): Box | null {
  let box = supports[positions[0]];
  for (let i = 1; i < positions.length; i++) box = two(box, supports[positions[i]]);
  return box;
}

/**
 * Where one term is 0 throughout it is left out. Where it is 0 before and behind a range of one axis only that range
 * is asked for: there the terms are added, beside it the other is copied. Else zeros are filled in and added.
 * @param neutral 0 for a term that leaves the other as it is, which the first of a difference does not
 */
function sumDemands(
  neutral: readonly (number | null)[],
  box: Box,
  supports: readonly (Box | null)[],
): (Box | null)[] {
  const [a, b] = supports.map((support) => intersect(support, box));
  const [mayLackA, mayLackB] = [neutral[0] === 0, neutral[1] === 0];
  if (b === null && mayLackB) return [box, null];
  if (a === null && mayLackA) return [null, box];
  if (a === null || b === null) return [box, box];
  const [besideA, besideB] = [a, b].map(
    (part) => box.filter((range, axis) => !sameRange(range, part[axis])).length,
  );
  const splits = (besideA === 0 && besideB === 1 && mayLackB) || (besideB === 0 && besideA === 1 && mayLackA);
  return splits ? [a, b] : [box, box];
}

/** A sum of two terms of which one is given for a part of the box only, and is 0 before and behind it. */
function sumBesideZeros(
  { operation }: Tensor,
  box: Box,
  demands: readonly Box[],
  terms: readonly Tensor[],
  nodes: Nodes,
): Tensor {
  const short = sameBox(demands[0], box) ? 1 : 0;
  const part = demands[short].map(([start, end], axis): Range => [start - box[axis][0], end - box[axis][0]]);
  const whole = terms[1 - short];
  const axis = part.findIndex(([start, end], other) => end - start !== whole.shape[other]);
  const [start, end] = part[axis];
  const beside = (from: number, to: number): Tensor[] =>
    from < to ? [nodes.cut(whole, withRange(wholeBox(whole.shape)!, axis, [from, to]))] : [];
  const operands = terms.map((term) => (term === whole ? nodes.cut(whole, part) : term));
  const sum = nodes.make(operation, operands, extents(part));
  return nodes.concat([...beside(0, start), sum, ...beside(end, whole.shape[axis])], axis);
}
