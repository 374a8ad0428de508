import { ShapeError } from '../errors.js';
import { aMap, anObject, aSet, expectGiven, expectParts, optional, type Expectation } from '../given.js';
import { formatShape, Tensor, topologicalOrder } from '../tensor/index.js';
import { sameShape } from '../tensor/shape.js';
import { checkTensors } from '../tensor/tensor.js';
import type { Backend } from './backend.js';
import type { Graph, Updates } from './graph.js';
import { lower } from './lower.js';
import { assignMemory } from './memory.js';
import type { Fusion, Plan } from './plan.js';
import { rewrite } from './rewrite.js';

/**
 * The plan alone, for those who want to look at it or count its steps.
 * @param fusions what the backend's products can do in their epilogue; nothing if left out
 * @param options.rewrite false leaves the graph as it is: to see what rewriting is worth
 * @param options.labels what nodes belong to, in any words: each step says it of the node that it computes
 */
export function buildPlan(
  outputs: Readonly<Record<string, Tensor>>,
  updates: Updates = new Map(),
  fusions: ReadonlySet<Fusion> = new Set(),
  options: { readonly rewrite?: boolean; readonly labels?: ReadonlyMap<Tensor, string> } = {},
): Plan {
  const roots = rootsOf(outputs, updates);
  expectGiven('buildPlan: fusions', fusions, aSet);
  expectParts('buildPlan: options', options, { labels: optional(aMap) });
  const { rewrite: rewrites = true, labels: given } = options;
  // Every input of the graph as it was written stays one, whether or not its values turn out to matter.
  const order = topologicalOrder(roots);
  const inputs = order.filter(({ operation }) => operation.kind === 'input');
  const labels = new Map(given);
  const rewritten = rewrites ? rewrite(roots, fusions.has('scale'), labels, order) : undefined;
  const now = (tensor: Tensor): Tensor => rewritten?.get(tensor) ?? tensor;
  const graph: Graph = {
    inputs,
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, now(tensor)])),
    updates: new Map([...updates].map(([constant, value]) => [constant, now(value)])),
  };
  return assignMemory(lower(graph, fusions, labels));
}

/** The plan of a graph for a backend. */
export function planFor(
  { planner = buildPlan, fusions }: Pick<Backend, 'planner' | 'fusions'>,
  outputs: Readonly<Record<string, Tensor>>,
  updates: Updates = new Map(),
): Plan {
  return planner(outputs, updates, fusions);
}

const tensorsByName: Expectation<Readonly<Record<string, unknown>>> = {
  words: 'an object of tensors, such as { y }',
  fits: (value): value is Readonly<Record<string, unknown>> =>
    anObject.fits(value) && !(value instanceof Tensor),
};

/**
 * All that is to be computed.
 * @throws UsageError unless outputs and updates are tensors; ShapeError if something else than a constant is to be updated, or with
 *   another shape
 */
export function rootsOf(outputs: Readonly<Record<string, Tensor>>, updates: Updates): Tensor[] {
  expectGiven('compile: outputs', outputs, tensorsByName);
  for (const [name, tensor] of Object.entries(outputs)) checkTensors(`compile: output "${name}"`, tensor);
  expectGiven('compile: updates', updates, aMap);
  const changes = [...updates.keys(), ...updates.values()];
  checkTensors('compile: updates', ...changes);
  for (const [constant, value] of updates) {
    if (constant.operation.kind !== 'constant' || !sameShape(constant.shape, value.shape)) {
      throw new ShapeError(
        `compile: an update needs a constant or parameter and a value of its shape, not a node ` +
          `"${constant.operation.kind}" ${formatShape(constant.shape)} and a value ${formatShape(value.shape)}.`,
      );
    }
  }
  return [...Object.values(outputs), ...changes];
}
