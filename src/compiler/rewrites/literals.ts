import { actsAs, type Tensor } from '../../tensor/index.js';

/*
 * Numbers written into a formula, as the 0 around the gradient of a slice or the 1 / 8 of an attention, are worth knowing
 * when a graph is compiled. Constants are not: an update may change any of them.
 */

/** The number that every element is, if the tensor is a literal, perhaps expanded. */
export function literalValue(tensor: Tensor): number | undefined {
  let node = tensor;
  while (actsAs(node.operation, 'view')) [node] = node.sources;
  return node.operation.kind === 'literal' ? node.operation.value : undefined;
}

/** Whether every element is this number; -0 is not 0. */
export function isLiteral(tensor: Tensor, value: number): boolean {
  return Object.is(literalValue(tensor), value);
}
