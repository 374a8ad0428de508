import type { Operation, Tensor } from '../../tensor/index.js';
import { extents, sameBox, wholeBox, withRange, type Box, type Range } from './box.js';
import type { Nodes } from './nodes.js';

/**
 * A node that computes a box of another.
 * @param demands what `demandsOf` asked for
 * @param sources these boxes of the sources
 */
export function buildBox(
  node: Tensor,
  box: Box,
  demands: readonly (Box | null)[],
  sources: readonly (Tensor | null)[],
  nodes: Nodes,
): Tensor {
  const { operation } = node;
  const shape = extents(box);
  const given = sources.filter((source) => source !== null);
  switch (operation.kind) {
    case 'reshape':
      return nodes.reshape(given[0], shape);
    case 'expand':
      return nodes.expand(given[0], shape);
    case 'slice':
      return given[0]; // cut already
    case 'concat':
      return concatParts(node, operation.axis, box, demands, sources, nodes);
    case 'binary': {
      if (given.length < 2) return given[0]; // the other term is 0
      const [a, b] = demands as readonly Box[];
      return sameBox(a, b)
        ? nodes.make(operation, given, shape)
        : sumBesideZeros(operation, box, [a, b], given, nodes);
    }
    default:
      return nodes.make(operation, given, shape);
  }
}

/** The parts that are not 0, zeros between them. */
function concatParts(
  node: Tensor,
  axis: number,
  box: Box,
  demands: readonly (Box | null)[],
  parts: readonly (Tensor | null)[],
  nodes: Nodes,
): Tensor {
  const shape = extents(box);
  const zeros = (extent: number): Tensor[] => (extent > 0 ? [nodes.zeros(shape.with(axis, extent))] : []);
  const pieces: Tensor[] = [];
  let [start, at] = [0, box[axis][0]];
  parts.forEach((part, position) => {
    if (part !== null) {
      const [first, end] = demands[position]![axis];
      pieces.push(...zeros(start + first - at), part);
      at = start + end;
    }
    start += node.sources[position].shape[axis];
  });
  return nodes.concat([...pieces, ...zeros(box[axis][1] - at)], axis);
}

/** A sum of two terms of which one is given for a part of the box only, and is 0 before and behind it. */
function sumBesideZeros(
  operation: Operation,
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
