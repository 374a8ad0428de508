import { sizeOf, Storage, type Shape } from '../tensor/index.js';
import { LiteralMap } from './literal-map.js';
import type { Instruction, MapFunction, PlanBuffer, Step } from './plan.js';
import { isContiguous, mergeAxes, reshapeView, wholeBuffer, type View } from './view.js';

/** Collects the steps of a plan and the buffers that they work on. */
export class PlanWriter {
  readonly buffers: PlanBuffer[] = [];
  readonly steps: Step[] = [];
  /** Of the steps that follow. */
  label: string | undefined;
  private readonly literals = new LiteralMap<View>();

  allocate(shape: Shape, filledBy?: PlanBuffer['filledBy']): View {
    const size = sizeOf(shape);
    const buffer = this.buffers.push(filledBy ? { size, filledBy } : { size }) - 1;
    return wholeBuffer(buffer, shape);
  }

  /** A number, in the one buffer that holds it. */
  literal(value: number): View {
    return this.literals.of(value, () =>
      this.allocate([], { constant: new Storage(1, Float64Array.of(value)) }),
    );
  }

  emit(instruction: Instruction): void {
    if (sizeOf(instruction.output.shape) === 0) return;
    this.steps.push(this.label === undefined ? instruction : { ...instruction, label: this.label });
  }

  /** The view under another shape; a copy of it if need be. */
  reshaped(view: View, shape: Shape): View {
    return reshapeView(view, shape) ?? wholeBuffer(this.copy(view).buffer, shape);
  }

  map(name: MapFunction, inputs: readonly View[], output: View): View {
    const [mergedOutput, ...mergedInputs] = mergeAxes([output, ...inputs]);
    this.emit({ kind: 'map', function: name, inputs: mergedInputs, output: mergedOutput });
    return output;
  }

  copy(view: View): View {
    return this.map('copy', [view], this.allocate(view.shape));
  }

  /** A row-major scratch view of the same elements: what can be copied back to the host as it lies. */
  readable(view: View): View {
    const scratch = this.buffers[view.buffer].filledBy === undefined;
    return scratch && isContiguous(view) ? view : this.copy(view);
  }
}
