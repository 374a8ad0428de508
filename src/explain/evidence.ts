import type { TokenGeometry } from '../geometry.js';
import { add, multiply, permute, reshape, slice, sum, type Tensor } from '../tensor/index.js';
import type { Explained, Layer } from './pass.js';

/*
 * Gradient times input, token by token. Rows of tokens are `[batch, tokens]`.
 */

/** What each token counts in the score, to first order: `sum over channels of z g`. `[batch, tokens]` */
export function evidenceOf(tokens: Tensor, gradient: Tensor): Tensor {
  return sum(multiply(tokens, gradient), { axes: 2 });
}

/** The evidence of the tokens that enter each of the layers, `zg[l]`, first layer first. */
export function evidenceOfLayers(pass: Explained, layers: readonly Layer[]): readonly Tensor[] {
  const tokens = layers.map((layer) => layer.tokens);
  return pass.gradient(tokens).map((gradient, l) => evidenceOf(tokens[l], gradient));
}

/**
 * What the biases of a block count: each, at every token it is added to, times the gradient there.
 * @returns undefined if the block has none
 */
export function evidenceOfBiases(pass: Explained, { biases }: Layer): Tensor | undefined {
  if (biases.length === 0) return undefined;
  const gradients = pass.gradient(biases.map(({ output }) => output));
  const rows = biases.map(({ bias }, i) => {
    const counted = multiply(gradients[i], bias);
    // Of queries and keys head by head: [batch, heads, tokens, headWidth].
    return sum(counted, { axes: counted.rank === 4 ? [1, 3] : 2 });
  });
  return total(rows);
}

export function total(tensors: readonly Tensor[]): Tensor {
  return tensors.reduce((a, b) => add(a, b));
}

/** The patches of a row of tokens as a map. `[batch, gridRows, gridColumns]` */
export function mapOfTokens(row: Tensor, { prefixTokens, grid }: TokenGeometry): Tensor {
  return reshape(slice(row, 1, prefixTokens), [row.shape[0], ...grid]);
}

/**
 * What the pixels of each patch count in the score, to first order. Patches are cut out of both, as the model cuts them, before
 * they meet: of a gradient that comes from patches no image has to be put together.
 * @param image and its gradient `[batch, channels, height, width]`
 * @returns `[batch, gridRows, gridColumns]`
 */
export function evidenceOfPixels(
  image: Tensor,
  gradient: Tensor,
  { grid: [rows, columns] }: TokenGeometry,
): Tensor {
  const [batch, channels, height, width] = image.shape;
  const [patches, gradients] = [image, gradient].map((pixels) => {
    const cut = reshape(pixels, [batch, channels, rows, height / rows, columns, width / columns]);
    return permute(cut, [0, 2, 4, 1, 3, 5]);
  });
  // Rows of pixels first, which lie side by side.
  const rowsOfPixels = sum(multiply(patches, gradients), { axes: [3, 4] });
  return sum(rowsOfPixels, { axes: 3 });
}
