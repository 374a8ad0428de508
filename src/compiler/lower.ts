import { ShapeError } from '../errors.js';
import { formatShape, sameShape, sizeOf, type Shape } from '../tensor/shape.js';
import { topologicalOrder, type Tensor } from '../tensor/index.js';
import type { Plan, PlanBuffer, PlanInput, PlanOutput, Step } from './plan.js';
import {
  expandView,
  isContiguous,
  mergeAxes,
  permuteView,
  reshapeView,
  sliceView,
  wholeBuffer,
  type View,
} from './view.js';

/**
 * Turns a graph into steps. Views become strides; everything else becomes one step with a buffer of its own.
 * Buffers are not shared yet: that is `assignMemory`'s work.
 */
export function lower(outputs: Readonly<Record<string, Tensor>>, updates: Updates = new Map()): Plan {
  const lowering = new Lowering();
  const roots = [...Object.values(outputs), ...updates.keys(), ...updates.values()];
  for (const tensor of topologicalOrder(roots)) lowering.visit(tensor);
  return lowering.finish(outputs, updates);
}

/** Constants, and the tensors whose values they take at the end of each run. */
export type Updates = ReadonlyMap<Tensor, Tensor>;

class Lowering {
  private readonly buffers: PlanBuffer[] = [];
  private readonly steps: Step[] = [];
  private readonly inputs: PlanInput[] = [];
  private readonly views = new Map<Tensor, View>();

  visit(tensor: Tensor): void {
    this.views.set(tensor, this.lowerNode(tensor));
  }

  finish(outputs: Readonly<Record<string, Tensor>>, updates: Updates): Plan {
    const results: PlanOutput[] = Object.entries(outputs).map(([name, tensor]) => {
      const view = this.readable(this.views.get(tensor)!);
      return { name, shape: tensor.shape, buffer: view.buffer, offset: view.offset };
    });
    const changes = [...updates].map(([constant, value]) => {
      checkUpdate(constant, value);
      const { buffer, offset } = this.readable(this.views.get(value)!);
      return { constant: this.views.get(constant)!.buffer, buffer, offset, size: value.size };
    });
    return {
      buffers: this.buffers,
      steps: this.steps,
      inputs: this.inputs,
      outputs: results,
      updates: changes,
    };
  }

  private lowerNode(tensor: Tensor): View {
    const { operation, shape } = tensor;
    const sources = tensor.sources.map((source) => this.views.get(source)!);
    switch (operation.kind) {
      case 'input':
        return this.lowerInput(operation.name, shape);
      case 'constant':
        return this.allocate(shape, { constant: operation.storage });
      case 'reshape':
        return reshapeView(sources[0], shape) ?? wholeBuffer(this.copy(sources[0]).buffer, shape);
      case 'expand':
        return expandView(sources[0], shape);
      case 'permute':
        return permuteView(sources[0], operation.axes);
      case 'slice':
        return sliceView(sources[0], operation.axis, operation.start, shape);
      case 'concat':
        return this.lowerConcat(sources, operation.axis, shape);
      case 'unary':
      case 'binary':
        return this.map(operation.function, sources, this.allocate(shape));
      case 'where':
        return this.map('where', sources, this.allocate(shape));
      case 'reduce': {
        const output = this.allocate(shape);
        this.emit(reduceStep(operation.function, sources[0], operation.axes, output));
        return output;
      }
      case 'softmax':
      case 'largestMask': {
        const output = this.allocate(shape);
        const [input, merged] = mergeAxes([sources[0], output], 1);
        this.emit({ ...operation, inputs: [input], output: merged });
        return output;
      }
      case 'softmaxGradient': {
        const output = this.allocate(shape);
        const [y, gradient, merged] = mergeAxes([sources[0], sources[1], output], 1);
        this.emit({ ...operation, inputs: [y, gradient], output: merged });
        return output;
      }
      case 'layerNormGradient': {
        const output = this.allocate(shape);
        const [input, gradient, merged] = mergeAxes([sources[0], sources[2], output], 1);
        this.emit({ ...operation, inputs: [input, sources[1], gradient], output: merged });
        return output;
      }
      case 'layerNorm': {
        const output = this.allocate(shape);
        const [input, merged] = mergeAxes([sources[0], output], 1);
        this.emit({ ...operation, inputs: [input, sources[1], sources[2]], output: merged });
        return output;
      }
      case 'matmul': {
        const output = this.allocate(shape);
        this.emit(matmulStep(sources[0], sources[1], sources[2], output));
        return output;
      }
      default:
        return operation satisfies never;
    }
  }

  private lowerInput(name: string, shape: Shape): View {
    if (this.inputs.some((input) => input.name === name)) {
      throw new ShapeError(`compile: two inputs are named "${name}"; give each input a name of its own.`);
    }
    const view = this.allocate(shape, { input: name });
    this.inputs.push({ name, shape, buffer: view.buffer });
    return view;
  }

  private lowerConcat(sources: readonly View[], axis: number, shape: Shape): View {
    const output = this.allocate(shape);
    let start = 0;
    for (const source of sources) {
      this.map('copy', [source], sliceView(output, axis, start, source.shape));
      start += source.shape[axis];
    }
    return output;
  }

  private map(name: Extract<Step, { kind: 'map' }>['function'], inputs: readonly View[], output: View): View {
    const [mergedOutput, ...mergedInputs] = mergeAxes([output, ...inputs]);
    this.emit({ kind: 'map', function: name, inputs: mergedInputs, output: mergedOutput });
    return output;
  }

  private copy(view: View): View {
    return this.map('copy', [view], this.allocate(view.shape));
  }

  /** A row-major scratch view of the same elements: what can be copied back to the host as it lies. */
  private readable(view: View): View {
    const scratch = this.buffers[view.buffer].filledBy === undefined;
    return scratch && isContiguous(view) ? view : this.copy(view);
  }

  private allocate(shape: Shape, filledBy?: PlanBuffer['filledBy']): View {
    const size = sizeOf(shape);
    const buffer = this.buffers.push(filledBy ? { size, filledBy } : { size }) - 1;
    return wholeBuffer(buffer, shape);
  }

  private emit(step: Step): void {
    if (sizeOf(step.output.shape) > 0) this.steps.push(step);
  }
}

function checkUpdate(constant: Tensor, value: Tensor): void {
  if (constant.operation.kind !== 'constant' || !sameShape(constant.shape, value.shape)) {
    throw new ShapeError(
      `compile: an update needs a constant or parameter and a value of its shape, not a node ` +
        `"${constant.operation.kind}" ${formatShape(constant.shape)} and a value ${formatShape(value.shape)}.`,
    );
  }
}

/** Moves the folded axes behind the kept ones and merges each group for itself. */
function reduceStep(
  name: Extract<Step, { kind: 'reduce' }>['function'],
  source: View,
  axes: readonly number[],
  output: View,
): Step {
  const all = source.shape.map((_, axis) => axis);
  const kept = all.filter((axis) => !axes.includes(axis));
  const [keptPart] = mergeAxes([permuteView(source, kept)]);
  const [foldedPart] = mergeAxes([permuteView(source, axes)]);
  const input = {
    ...source,
    shape: [...keptPart.shape, ...foldedPart.shape],
    strides: [...keptPart.strides, ...foldedPart.strides],
  };
  const size = sizeOf(keptPart.shape);
  const flat = { ...output, shape: [size], strides: [1] };
  return { kind: 'reduce', function: name, kept: keptPart.shape.length, inputs: [input], output: flat };
}

/** Describes a product with as few batch axes as possible. */
function matmulStep(a: View, b: View, bias: View | undefined, output: View): Step {
  const leading = (view: View): View => ({
    ...view,
    shape: view.shape.slice(0, -2),
    strides: view.strides.slice(0, -2),
  });
  const batches = mergeAxes([a, b, output].map(leading));
  const [left, right, result] = [a, b, output].map((view, position) => ({
    ...view,
    shape: [...batches[position].shape, ...view.shape.slice(-2)],
    strides: [...batches[position].strides, ...view.strides.slice(-2)],
  }));
  return { kind: 'matmul', inputs: bias ? [left, right, bias] : [left, right], output: result };
}
