/** How many steps in memory each axis is, if the numbers lie row by row. */
export function rowMajor(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis];
  }
  return strides;
}

/** Numbers from the first to the last that a tensor touches: 0 if it has none. */
export function spanOf(shape: readonly number[], strides: readonly number[]): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((span, extent, axis) => span + (extent - 1) * strides[axis], 1);
}

/**
 * The numbers of a strided tensor, row by row: themselves if they lie so already.
 * @param values from the tensor's first number on
 */
export function gather(
  values: Float32Array<ArrayBuffer>,
  shape: readonly number[],
  strides: readonly number[],
): Float32Array<ArrayBuffer> {
  const plain = rowMajor(shape);
  // An axis of length 1 is never stepped along.
  if (shape.every((extent, axis) => extent === 1 || strides[axis] === plain[axis])) return values;
  const count = shape.reduce((product, extent) => product * extent, 1);
  const result = new Float32Array(count);
  const [inner, step] = [shape.at(-1) ?? 1, strides.at(-1) ?? 0];
  const index = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let row = 0; row < count; row += inner) {
    for (let i = 0; i < inner; i++) result[row + i] = values[from + i * step];
    for (let axis = shape.length - 2; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return result;
}
