import type { PatchGrid } from '../geometry.js';

/** Numbers that tell where each patch of a grid lies, and are not learned. [patches, width] */
type FixedPositions = (grid: PatchGrid, width: number) => Float32Array;

/** Every kind that is not learned, by its name. */
export const fixedPositions = {
  'sin-cos': waves,
  integer: numbers,
} as const satisfies Record<string, FixedPositions>;

export const positionKinds = [
  'learned',
  ...(Object.keys(fixedPositions) as (keyof typeof fixedPositions)[]),
] as const;
export type PositionKind = (typeof positionKinds)[number];

/**
 * Sines and cosines of a patch's column and row at wavelengths from 2 pi patches to 100 times as much: patches near each other
 * are alike. With 10 000 times, as for texts, the loss fell a little more slowly.
 * Source: Vaswani et al., "Attention Is All You Need", 2017, section 3.5, along two axes.
 */
function waves([rows, columns]: PatchGrid, width: number): Float32Array {
  const count = Math.floor(width / 4);
  const values = new Float32Array(rows * columns * width);
  for (let patch = 0; patch < rows * columns; patch++) {
    const position = [patch % columns, Math.floor(patch / columns)];
    for (let i = 0; i < 4 * count; i++) {
      const wave = i % count;
      const angle = position[i < 2 * count ? 0 : 1] / 100 ** (wave / count);
      values[patch * width + i] = Math.floor(i / count) % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }
  }
  return values;
}

/**
 * The number of a patch's column in the first half of its numbers, that of its row in the second. One number throughout, counted
 * patch by patch, would be taken out by the first layer norm, which subtracts what all numbers of a token have in common.
 */
function numbers([rows, columns]: PatchGrid, width: number): Float32Array {
  return Float32Array.from({ length: rows * columns * width }, (_, i) => {
    const patch = Math.floor(i / width);
    return i % width < width / 2 ? patch % columns : Math.floor(patch / columns);
  });
}
