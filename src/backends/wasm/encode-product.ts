import { contiguousStrides, sizeOf } from '../../tensor/index.js';
import type { Encoder } from './encode.js';
import { Activations, Kernel, MatrixOf, panelWidth, ProductPhase, Scratch } from './layout.js';
import { isOneRight, packedBytes, packWords, rightLayout, type Product } from './panels.js';
import { planProduct } from './product-plan.js';
import { floatBits, type Placed } from './words.js';

/** `softmax(activation(scale * a b + bias) + residual)`, everything behind the product where asked for. */
export function encodeProduct(encoder: Encoder, step: Product): void {
  const { epilogue } = step;
  const operands = step.inputs.map((view) => encoder.placed(view));
  const output = encoder.placed(step.output);
  const right = operands[1];
  const rest = operands.slice(2);
  const bias = epilogue.bias ? sideBySide(encoder, rest.shift()!) : undefined;
  const residual = epilogue.residual ? sideBySide(encoder, rest.shift()!) : undefined;
  const [rows, columns] = output.shape.slice(-2);
  const depth = operands[0].shape.at(-1)!;
  const left = readable(encoder, operands[0], columns);
  const layout = rightLayout(step);
  const oneRight = isOneRight(step);
  const batch = sizeOf(output.shape.slice(0, -2));
  const packed = oneRight ? encoder.places.pack(step) : undefined;
  const plan = planProduct(
    {
      batch,
      rows,
      depth,
      columns,
      rightIsPacked: packed !== undefined,
      rightIsRowMajor: layout.columnStride === 1 && layout.rowStride > 0,
      wholeRows: epilogue.softmax,
    },
    encoder.places.threads,
  );
  const rights = matrices(right);
  const panels = packed ?? pack();
  // Columns of the result that must not lie side by side are taken to where they belong afterwards.
  const direct = output.strides.at(-1) === 1 || columns === 1;
  const result = direct ? output : rowMajor(encoder, output);
  const [lefts, outputs] = [left, result].map(matrices);
  const residuals = residual && matrices(residual);
  const ofMatrix = (i: number): number[] => {
    const words: number[] = [];
    words[MatrixOf.left] = lefts[i];
    words[MatrixOf.right] = plan.right === 'inPlace' ? rights[i] : panelsOf(i);
    words[MatrixOf.lastPanel] =
      plan.right === 'inPlace' ? panelsOf(i) : panelsOf(i) + packedBytes(layout, plan.panels - 1);
    words[MatrixOf.output] = outputs[i];
    words[MatrixOf.residual] = residuals ? residuals[i] : 0;
    return words;
  };
  const inPlace = plan.right === 'inPlace';
  // A right matrix that is copied at each run is scaled on the way, which spares every sum.
  const scale = plan.right === 'before' ? 1 : epilogue.scale;
  encoder.phase(Kernel.product, batch * plan.rowTasks * plan.panelTasks, 2 * Scratch.tile, {
    [ProductPhase.rows]: rows,
    [ProductPhase.depth]: depth,
    [ProductPhase.columns]: columns,
    [ProductPhase.rowsPerTask]: plan.rowsPerTask,
    [ProductPhase.rowTasks]: plan.rowTasks,
    [ProductPhase.panels]: plan.panels,
    [ProductPhase.panelsPerTask]: plan.panelsPerTask,
    [ProductPhase.panelTasks]: plan.panelTasks,
    [ProductPhase.leftRow]: 4 * left.strides.at(-2)!,
    [ProductPhase.leftColumn]: 4 * left.strides.at(-1)!,
    [ProductPhase.panel]: inPlace ? 4 * panelWidth : packedBytes(layout, 1),
    [ProductPhase.panelRow]: 4 * (inPlace ? layout.rowStride : panelWidth),
    [ProductPhase.outputRow]: 4 * result.strides.at(-2)!,
    [ProductPhase.bias]: bias?.address ?? 0,
    [ProductPhase.residualRow]: 4 * (residual?.strides.at(-2) ?? 0),
    [ProductPhase.scale]: floatBits(scale),
    [ProductPhase.activation]: Activations[epilogue.activation as keyof typeof Activations],
    [ProductPhase.softmax]: Number(epilogue.softmax),
    [ProductPhase.matrices]: Array.from({ length: batch }, (_, i) => ofMatrix(i)).flat(),
  });
  if (!direct) encoder.map('copy', [result], output);

  /** Where the panels of a matrix lie, or, if they are read in place, its last one. */
  function panelsOf(matrix: number): number {
    return panels + (oneRight ? 0 : matrix) * packedBytes(layout, inPlace ? 1 : plan.panels);
  }

  function pack(): number {
    const lastOnly = plan.right === 'inPlace';
    const addresses = oneRight ? [right.address] : matrices(right);
    const at = encoder.take(addresses.length * packedBytes(layout, lastOnly ? 1 : plan.panels));
    const packing = { layout, addresses, output: at, lastOnly, scale: lastOnly ? 1 : epilogue.scale };
    encoder.add(packWords(packing, encoder.position));
    return at;
  }
}

/** The addresses of the matrices of a batch. */
function matrices({ address, shape, strides }: Placed): number[] {
  let result = [address];
  for (let axis = 0; axis < shape.length - 2; axis++) {
    const steps = Array.from({ length: shape[axis] }, (_, i) => 4 * i * strides[axis]);
    result = result.flatMap((start) => steps.map((step) => start + step));
  }
  return result;
}

/** Depth from which a left matrix whose rows lie side by side is copied: its columns would push each other out of the caches. */
const depthWorthCopying = 512;

/** The left matrix, or a copy of it, row by row. */
function readable(encoder: Encoder, left: Placed, columns: number): Placed {
  const [row, column] = left.strides.slice(-2);
  const serves = columns > 2 * panelWidth && left.shape.at(-1)! >= depthWorthCopying;
  return row === 1 && column > 1 && serves ? encoder.copied(left) : left;
}

/** The view, or a copy of it whose rows have their numbers side by side. */
function sideBySide(encoder: Encoder, view: Placed): Placed {
  return view.strides.at(-1) === 1 ? view : encoder.copied(view);
}

/** Memory for a view's elements in row-major order. */
function rowMajor(encoder: Encoder, { shape }: Placed): Placed {
  return { address: encoder.take(4 * sizeOf(shape)), shape, strides: contiguousStrides(shape) };
}
