import { actsAs, type Tensor } from '../../tensor/index.js';
import { literalValue } from './literals.js';
import type { Nodes } from './nodes.js';

/**
 * `(s a) b` and `a (s b)` become `s (a b)`, also where views lie between factor and product: attention divides its
 * queries by the root of the head width, and the product with the keys can do that in its epilogue.
 * @param sources of the product `node`, rewritten
 * @returns undefined if there is no such factor, or a bias in the way
 */
export function scaleLater(
  { operation, shape }: Tensor,
  sources: readonly Tensor[],
  nodes: Nodes,
): Tensor | undefined {
  if (operation.kind !== 'matmul' || sources.length > 2) return undefined;
  let factor = 1;
  const operands = sources.map((source) => {
    let rest = source;
    for (let next = takeFactor(rest, nodes); next; next = takeFactor(rest, nodes)) {
      factor *= next.factor;
      rest = next.rest;
    }
    return rest;
  });
  if (operands.every((operand, position) => operand === sources[position])) return undefined;
  const product = nodes.make(operation, operands, shape);
  const spread = nodes.expand(nodes.literal(factor), shape);
  return nodes.make({ kind: 'multiply' }, [product, spread], shape);
}

/** The scalar that a tensor is multiplied by, perhaps below some views, and the tensor without it. */
function takeFactor(tensor: Tensor, nodes: Nodes): { rest: Tensor; factor: number } | undefined {
  const views: Tensor[] = [];
  let node = tensor;
  while (actsAs(node.operation, 'view')) {
    views.push(node);
    [node] = node.sources;
  }
  const scaled = scaledBy(node);
  if (!scaled) return undefined;
  const rest = views.reduceRight(
    (below, { operation, shape }) => nodes.make(operation, [below], shape),
    scaled.rest,
  );
  return { rest, factor: scaled.factor };
}

/** The parts of a product of a tensor and a scalar that is known. */
export function scaledBy({ operation, sources }: Tensor): { rest: Tensor; factor: number } | undefined {
  if (operation.kind !== 'multiply') return undefined;
  for (const position of [1, 0]) {
    const factor = literalValue(sources[position]);
    if (factor !== undefined) return { rest: sources[1 - position], factor };
  }
  return undefined;
}
