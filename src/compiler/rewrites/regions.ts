import type { Tensor } from '../../tensor/index.js';
import { extents, hull, intersect, isWhole, sameBox, wholeBox, type Box } from './box.js';
import type { Nodes } from './nodes.js';
import type { BoxRules } from './rules/box-rules.js';
import { boxRules } from './rules/index.js';

/*
 * Every node is computed only where it is both asked for and not 0. Three passes over the graph: sources first, a box
 * outside which each node is 0; consumers first, a box that holds all that is asked of it; sources first again,
 * the nodes anew, each for the part of its box that is left.
 *
 * This is what pushes a slice up through everything that treats rows one by one (a classifier that reads the class
 * token makes the last block compute one row), and what pushes the zeros around the gradient of a slice down (the
 * backward pass of that block has one row too).
 */

interface Region {
  readonly node: Tensor;
  readonly rules: BoxRules;
  readonly support: Box | null;
  /** Of the sources. */
  readonly supports: readonly (Box | null)[];
  /** The hull of what the consumers that have been visited ask for. */
  demand: Box | null;
  /** What is computed; null if nothing is. */
  box: Box | null;
  /** What it takes of each source. */
  demands: readonly (Box | null)[];
  /** The new node, which holds the elements of `box`. */
  result: Tensor | undefined;
}

/**
 * The roots anew, equal in value.
 * @param order every node that the roots depend on, sources first
 */
export function computeRegions(
  order: readonly Tensor[],
  roots: readonly Tensor[],
  nodes: Nodes,
): Map<Tensor, Tensor> {
  const regions = new Map<Tensor, Region>();
  for (const node of order) {
    const supports = node.sources.map((source) => regions.get(source)!.support);
    const rules = boxRules(node);
    const support = rules.support(node, supports);
    regions.set(node, {
      node,
      rules,
      support,
      supports,
      demand: null,
      box: null,
      demands: [],
      result: undefined,
    });
  }
  for (const root of roots) regions.get(root)!.demand = wholeBox(root.shape);
  const inOrder = [...regions.values()];
  for (const region of inOrder.toReversed()) settle(region, regions);
  for (const region of inOrder) compute(region, regions, nodes);
  return new Map(
    roots.map((root) => {
      nodes.replace(root);
      return [root, supply(regions.get(root)!, wholeBox(root.shape), nodes)];
    }),
  );
}

/** Decides what is computed of a node, all of whose consumers have been settled, and asks its sources for it. */
function settle(region: Region, regions: ReadonlyMap<Tensor, Region>): void {
  const { node, rules, demand, support } = region;
  const wanted = intersect(demand, support);
  if (wanted === null) return;
  region.box = rules.computable(node, wanted);
  region.demands = rules.demands(node, region.box, region.supports);
  node.sources.forEach((source, position) => {
    const asked = regions.get(source)!;
    asked.demand = hull(asked.demand, region.demands[position]);
  });
}

function compute(region: Region, regions: ReadonlyMap<Tensor, Region>, nodes: Nodes): void {
  const { node, rules, box, demands } = region;
  if (box === null) return;
  nodes.replace(node);
  const sources = node.sources.map((source, position) => {
    const demand = demands[position];
    return demand && supply(regions.get(source)!, demand, nodes);
  });
  const same =
    isWhole(box, node.shape) && sources.every((source, position) => source === node.sources[position]);
  region.result = same ? nodes.keep(node) : rules.build(node, box, demands, sources, nodes);
}

/** A box of a node, cut out of what is computed of it and filled up with zeros; null for all of no elements. */
function supply({ node, box, result }: Region, wanted: Box | null, nodes: Nodes): Tensor {
  const leaf = node.sources.length === 0;
  if (leaf && (wanted === null || isWhole(wanted, node.shape))) return node;
  if (wanted === null) return nodes.zeros(node.shape);
  if (box !== null && sameBox(wanted, box)) return result!;
  const common = intersect(wanted, box);
  if (common === null) return nodes.zeros(extents(wanted));
  const inside = common.map(([start, end], axis) => [start - box![axis][0], end - box![axis][0]] as const);
  return nodes.pad(nodes.cut(result!, inside), common, wanted);
}
