import type { View } from '../../compiler/view.js';
import { sizeOf, type Shape } from '../../tensor/index.js';

/** The memory of a plan. */
export type Buffers = readonly Float64Array[];

/** The elements of a view, row-major. */
export function values(view: View, buffers: Buffers): Float64Array {
  const buffer = buffers[view.buffer];
  const at = positions(view);
  const result = new Float64Array(at.length);
  for (let i = 0; i < at.length; i++) result[i] = buffer[at[i]];
  return result;
}

export function axesOf(view: View, start: number, end?: number): Pick<View, 'shape' | 'strides' | 'offset'> {
  return {
    shape: view.shape.slice(start, end),
    strides: view.strides.slice(start, end),
    offset: view.offset,
  };
}

/** Where each element of a view lies in its buffer, in row-major order. */
export function positions(view: { shape: Shape; strides: readonly number[]; offset: number }): Int32Array {
  let result = Int32Array.of(view.offset);
  if (sizeOf(view.shape) === 0) return new Int32Array(0);
  view.shape.forEach((extent, axis) => {
    const wider = new Int32Array(result.length * extent);
    for (let i = 0; i < result.length; i++) {
      for (let j = 0; j < extent; j++) wider[i * extent + j] = result[i] + j * view.strides[axis];
    }
    result = wider;
  });
  return result;
}
