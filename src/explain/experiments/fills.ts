import { constant, expand, matmul, mean, multiply, transpose, type Tensor } from '../../tensor/index.js';

/** Of a blur, as a share of the patch's side. */
const SPREAD = 0.5;

/**
 * What may take a patch's place: a picture of the model's input, made of the whole one. `[batch, channels, height, width]`
 * - `grey`: 0, the colour that pictures are normalised about
 * - `mean`: the picture's own mean colour
 * - `blur`: the picture itself, blurred by a Gaussian whose deviation is half a patch
 */
export const fills = {
  grey: (image) => multiply(image, 0),
  mean: (image) => expand(mean(image, { axes: [2, 3], keepDims: true }), image.shape),
  blur: (image, [rows, columns]) => {
    const [, , height, width] = image.shape;
    const [down, across] = [gaussian(height, height / rows), gaussian(width, width / columns)];
    return matmul(matmul(down, image), transpose(across));
  },
} as const satisfies Record<string, (image: Tensor, grid: readonly [number, number]) => Tensor>;

export type Fill = keyof typeof fills;

/** The weights of each pixel of a line in the blurred line, each row's sum 1: at an edge there is less to blur. `[length, length]` */
function gaussian(length: number, patch: number): Tensor {
  const values = new Float64Array(length * length);
  for (let to = 0; to < length; to++) {
    const row = values.subarray(to * length, (to + 1) * length);
    for (let from = 0; from < length; from++)
      row[from] = Math.exp(-(((to - from) / (SPREAD * patch)) ** 2) / 2);
    const total = row.reduce((sum, value) => sum + value, 0);
    row.forEach((value, from) => (row[from] = value / total));
  }
  return constant(values, [length, length]);
}
