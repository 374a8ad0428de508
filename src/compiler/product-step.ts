import type { Epilogue, Step } from './plan.js';
import { mergeAxes, type View } from './view.js';

/** Nothing but the sum. */
export const plainEpilogue: Epilogue = {
  scale: 1,
  bias: false,
  activation: 'none',
  residual: false,
  softmax: false,
};

/**
 * Describes a product with as few batch axes as possible.
 * @param inputs as the step has them, before any axes are merged
 */
export function productStep(epilogue: Epilogue, inputs: readonly View[], output: View): Step {
  const bias = epilogue.bias ? [inputs[2]] : [];
  const [a, b] = inputs;
  const rest = inputs.slice(2 + bias.length);
  const leading = (view: View): View => ({
    ...view,
    shape: view.shape.slice(0, -2),
    strides: view.strides.slice(0, -2),
  });
  const all = [a, b, output, ...rest];
  const batches = mergeAxes(all.map(leading));
  const merged = all.map((view, position) => ({
    ...view,
    shape: [...batches[position].shape, ...view.shape.slice(-2)],
    strides: [...batches[position].strides, ...view.strides.slice(-2)],
  }));
  const [left, right, result, ...others] = joinRows(merged);
  return { kind: 'matmul', epilogue, inputs: [left, right, ...bias, ...others], output: result };
}

/** A batch of products with one and the same matrix b is one product with more rows, if the rows are evenly spaced. */
function joinRows(views: readonly View[]): readonly View[] {
  const [a, b] = views;
  const batch = a.shape.length - 3;
  const m = a.shape[batch + 1];
  const joins =
    batch >= 0 &&
    b.strides[batch] === 0 &&
    views.every((view) => view === b || m === 1 || view.strides[batch] === m * view.strides[batch + 1]);
  if (!joins) return views;
  return views.map((view) => {
    const [extent, rows] = view.shape.slice(batch);
    const row = m === 1 ? batch : batch + 1;
    return view === b
      ? { ...view, shape: view.shape.toSpliced(batch, 1), strides: view.strides.toSpliced(batch, 1) }
      : {
          ...view,
          shape: view.shape.toSpliced(batch, 2, extent * rows),
          strides: view.strides.toSpliced(batch, 2, view.strides[row]),
        };
  });
}
