import { ShapeError } from '../errors.js';
import {
  actsAs,
  contiguousStrides,
  topologicalOrder,
  type OperationOf,
  type Reduction,
  type Shape,
  type Tensor,
} from '../tensor/index.js';
import { sameShape } from '../tensor/shape.js';
import { fuse, neededNodes, type Fused } from './fuse.js';
import type { FusedProduct } from './fused-product.js';
import type { Graph } from './graph.js';
import type { Fusion, Made, Plan, PlanInput, PlanOutput } from './plan.js';
import { PlanWriter } from './plan-writer.js';
import { placeParts } from './placement.js';
import { plainEpilogue, productStep } from './product-step.js';
import { reduceStep } from './reduce-step.js';
import { literalValue } from './rewrites/literals.js';
import { rowStep, type RowOperation } from './row-step.js';
import { expandView, permuteView, sliceView, type View } from './view.js';

/**
 * Turns a graph into steps. Views become strides; everything else becomes one step with a buffer of its own, except
 * what the product before it can do. Buffers are not shared yet: that is `assignMemory`'s work.
 */
export function lower(graph: Graph, fusions: ReadonlySet<Fusion>, labels: ReadonlyMap<Tensor, string>): Plan {
  const roots = [...Object.values(graph.outputs), ...graph.updates.keys(), ...graph.updates.values()];
  const order = topologicalOrder(roots);
  const fused = fuse(order, roots, fusions);
  const needed = neededNodes(order, roots, fused);
  const lowering = new Lowering(order, roots, fused, fusions, labels);
  for (const tensor of graph.inputs) lowering.visit(tensor);
  for (const tensor of foldsEarly(order, needed, fused)) lowering.visit(tensor);
  return lowering.finish(graph);
}

/**
 * The needed nodes, with each fold as soon as what it reads is there: it lies in the caches then, and need not be kept.
 * @param order sources first
 */
function foldsEarly(
  order: readonly Tensor[],
  needed: ReadonlySet<Tensor>,
  fused: ReadonlyMap<Tensor, Fused>,
): Iterable<Tensor> {
  const early = new Map<Tensor, Tensor[]>();
  const lacking = new Map<Tensor, number>();
  for (const node of order) {
    const { operation } = node;
    if (!needed.has(node) || !(actsAs(operation, 'fold') || actsAs(operation, 'view'))) continue;
    const sources = new Set((fused.get(node) ?? node).sources);
    lacking.set(node, sources.size);
    for (const source of sources) {
      const readers = early.get(source);
      if (readers) readers.push(node);
      else early.set(source, [node]);
    }
  }
  const result = new Set<Tensor>();
  for (const node of order) {
    if (!needed.has(node) || result.has(node)) continue;
    const ready = [node];
    for (const next of ready) {
      result.add(next);
      for (const reader of early.get(next) ?? []) {
        const left = lacking.get(reader)! - 1;
        lacking.set(reader, left);
        if (left === 0) ready.push(reader);
      }
    }
  }
  return result;
}

class Lowering {
  private readonly plan = new PlanWriter();
  private readonly inputs: PlanInput[] = [];
  private readonly views = new Map<Tensor, View>();

  /** Where results go that do not get a buffer of their own. */
  private readonly places: ReadonlyMap<Tensor, View>;

  constructor(
    order: readonly Tensor[],
    roots: readonly Tensor[],
    private readonly fused: ReadonlyMap<Tensor, Fused>,
    fusions: ReadonlySet<Fusion>,
    private readonly labels: ReadonlyMap<Tensor, string>,
  ) {
    const allocate = (shape: Shape): View => this.plan.allocate(shape);
    const isFree = (node: Tensor): boolean => fusions.has('strides') && isWholeProduct(node, fused);
    this.places = placeParts(order, roots, allocate, {
      stridesAtWill: (node) => (!fused.has(node) && isMap(node)) || isFree(node),
      isPermuted: isFree,
    });
  }

  visit(tensor: Tensor): void {
    if (this.views.has(tensor)) return;
    this.plan.label = this.labelOf(tensor, this.fused.get(tensor)?.sources ?? tensor.sources);
    this.views.set(tensor, this.lowerNode(tensor));
  }

  finish({ outputs, updates }: Graph): Plan {
    const results: PlanOutput[] = Object.entries(outputs).map(([name, tensor]) => {
      const view = this.readable(tensor);
      return { name, shape: tensor.shape, buffer: view.buffer, offset: view.offset };
    });
    const changes = [...updates].map(([constant, value]) => {
      const { buffer, offset } = this.readable(value);
      return { constant: this.views.get(constant)!.buffer, buffer, offset, size: value.size };
    });
    return {
      buffers: this.plan.buffers,
      steps: this.plan.steps,
      inputs: this.inputs,
      outputs: results,
      updates: changes,
    };
  }

  private readable(tensor: Tensor): View {
    this.plan.label = this.labels.get(tensor);
    return this.plan.readable(this.views.get(tensor)!);
  }

  /** That of the last node that a step computes, else of the nodes before it that the step computes too. */
  private labelOf(node: Tensor, operands: readonly Tensor[]): string | undefined {
    const label = this.labels.get(node);
    if (label !== undefined) return label;
    // A literal may be anybody's.
    const taken = node.sources.filter(
      (source) => !operands.includes(source) && literalValue(source) === undefined,
    );
    return taken.map((source) => this.labelOf(source, operands)).find((found) => found !== undefined);
  }

  private lowerNode(tensor: Tensor): View {
    const { operation, shape } = tensor;
    const fused = this.fused.get(tensor);
    if (fused && 'product' in fused) return this.lowerProduct(fused, tensor);
    const sources = (fused ?? tensor).sources.map((source) => this.views.get(source)!);
    if (fused && 'fold' in fused) return this.lowerFold(fused.fold, fused.made, sources, tensor);
    if (fused) return this.lowerRows(fused.operation, sources, tensor);
    switch (operation.kind) {
      case 'input':
        return this.lowerInput(operation.name, shape);
      case 'constant':
        return this.plan.allocate(shape, { constant: operation.storage });
      case 'literal':
        return this.plan.literal(operation.value);
      case 'reshape':
        return this.plan.reshaped(sources[0], shape);
      case 'expand':
        return expandView(sources[0], shape);
      case 'permute':
        return permuteView(sources[0], operation.axes);
      case 'slice':
        return sliceView(sources[0], operation.axis, operation.start, shape);
      case 'concat':
        return this.lowerConcat(sources, operation.axis, this.place(tensor));
      case 'matmul': {
        const epilogue = { ...plainEpilogue, bias: sources.length > 2 };
        return this.lowerProduct({ epilogue, product: tensor, sources: tensor.sources }, tensor);
      }
    }
    if (actsAs(operation, 'element')) return this.plan.map(operation.kind, sources, this.place(tensor));
    if (actsAs(operation, 'row')) return this.lowerRows(operation, sources, tensor);
    if (actsAs(operation, 'fold')) return this.lowerFold(operation, 'copy', sources, tensor);
    return operation satisfies never;
  }

  private lowerInput(name: string, shape: Shape): View {
    if (this.inputs.some((input) => input.name === name)) {
      throw new ShapeError(`compile: two inputs are named "${name}"; give each input a name of its own.`);
    }
    const view = this.plan.allocate(shape, { input: name });
    this.inputs.push({ name, shape, buffer: view.buffer });
    return view;
  }

  /** @param last node that the product computes */
  private lowerProduct({ epilogue, product, sources }: FusedProduct, last: Tensor): View {
    const place = this.place(last);
    // Another shape has as many elements in the same order, so it is never one with strides of its own.
    const output = sameShape(place.shape, product.shape)
      ? place
      : { ...place, shape: product.shape, strides: contiguousStrides(product.shape) };
    const inputs = sources.map((source) => this.views.get(source)!);
    const operands = 2 + Number(epilogue.bias);
    const rest = inputs.slice(operands).map((view) => this.plan.reshaped(view, product.shape));
    this.plan.emit(productStep(epilogue, [...inputs.slice(0, operands), ...rest], output));
    return place;
  }

  private lowerFold(
    operation: OperationOf<Reduction>,
    made: Made,
    sources: readonly View[],
    node: Tensor,
  ): View {
    const output = this.place(node);
    this.plan.emit(reduceStep(operation, made, sources, output));
    return output;
  }

  private lowerRows(operation: RowOperation, sources: readonly View[], last: Tensor): View {
    const output = this.place(last);
    this.plan.emit(rowStep(operation, sources, output));
    return output;
  }

  private lowerConcat(sources: readonly View[], axis: number, output: View): View {
    let start = 0;
    for (const source of sources) {
      // In its own buffer there is only what was computed in its place.
      if (source.buffer !== output.buffer) {
        this.plan.map('copy', [source], sliceView(output, axis, start, source.shape));
      }
      start += source.shape[axis];
    }
    return output;
  }

  /** Where a node's result goes. */
  private place(tensor: Tensor): View {
    return this.places.get(tensor) ?? this.plan.allocate(tensor.shape);
  }
}

/** Whether a node is a product, perhaps the last of what is fused with it, in the product's own shape. */
function isWholeProduct(node: Tensor, fused: ReadonlyMap<Tensor, Fused>): boolean {
  const entry = fused.get(node);
  const product = entry && 'product' in entry ? entry.product : node;
  return product.operation.kind === 'matmul' && sameShape(product.shape, node.shape);
}

/** Whether a node becomes a step `map`, which can write to any strides. */
function isMap({ operation }: Tensor): boolean {
  return actsAs(operation, 'element') || actsAs(operation, 'join');
}
