import {
  add,
  constant,
  divide,
  matmul,
  mean,
  multiply,
  permute,
  relu,
  slice,
  sqrt,
  subtract,
  sum,
  type Tensor,
} from '../tensor/index.js';
import { total } from './evidence.js';
import type { Pass } from './pass.js';
import { sharedByClasses } from './shared.js';

/** The layers, of twelve the fifth, seventh and ninth, in which patches of one thing are alike. */
function middleLayers({ layers }: Pass): readonly Tensor[] {
  const count = layers.length;
  const chosen = new Set([Math.floor(count / 3), Math.floor(count / 2), Math.floor((2 * count) / 3)]);
  return [...chosen].map((l) => layers[l].tokens);
}

/** Of patches, on a grid of 14 x 14; on others in proportion to its longer side. */
const nearness = 5;
const usualGrid = 14;

/**
 * `exp(-d^2 / (2 nearness^2))` for the distance d of any two patches, of which rows and columns have a factor each.
 * `[1, patches, patches]`
 */
function nearby([rows, columns]: readonly [number, number]): Tensor {
  const width = (nearness * Math.max(rows, columns)) / usualGrid;
  const factors = Array.from({ length: Math.max(rows, columns) }, (_, apart) =>
    Math.exp(-(apart ** 2) / (2 * width ** 2)),
  );
  const count = rows * columns;
  const values = new Float64Array(count * count);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const column = i % columns;
    const row = (i - column) / columns;
    for (let otherRow = 0; otherRow < rows; otherRow++) {
      const down = factors[Math.abs(otherRow - row)];
      for (let other = 0; other < columns; other++) values[at++] = down * factors[Math.abs(other - column)];
    }
  }
  return constant(values, [1, count, count]);
}

/** A length below which a patch has no direction. */
const smallest = 1e-12;

/** The cosine of what patches have beside their mean, or 0 where it is negative. `[batch, patches, patches]` */
function likeness(tokens: Tensor, prefixTokens: number): Tensor {
  const patches = slice(tokens, 1, prefixTokens);
  const apart = subtract(patches, mean(patches, { axes: 1, keepDims: true }));
  const length = sqrt(sum(multiply(apart, apart), { axes: 2, keepDims: true }));
  const direction = divide(apart, atLeast(length, smallest));
  return relu(matmul(direction, permute(direction, [0, 2, 1])));
}

/** `max(x, limit)` for x >= 0, from what the language has: `limit + relu(x - limit)`. */
function atLeast(x: Tensor, limit: number): Tensor {
  return add(relu(subtract(x, limit)), limit);
}

/**
 * How much each patch takes from every other where evidence is spread among patches that look alike and lie near: rows that
 * sum to 1. `[batch, patches, patches]`
 *
 *   C = mean over three middle layers of relu(cosine of patches less their mean),   K = rownorm(C^2 exp(-d^2 / (2 5^2)))
 *
 * Affinity of patches by their features is known from weakly supervised segmentation (Xu et al., MCTformer, CVPR 2022).
 */
export const affinity = sharedByClasses((pass) => {
  const alike = middleLayers(pass).map((tokens) => likeness(tokens, pass.layout.prefixTokens));
  const average = divide(total(alike), alike.length);
  const weights = multiply(multiply(average, average), nearby(pass.layout.grid));
  return divide(weights, sum(weights, { axes: 2, keepDims: true }));
});
