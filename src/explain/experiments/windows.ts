import type { PatchGrid } from '../../geometry.js';

/** Squares of patches that are taken away together, at every place where they fit. */
export interface Windows {
  readonly count: number;
  /** How much of each patch is left where a window is: 0 inside, 1 outside. Window by window. `[count, patches]` */
  readonly left: Float32Array;
  /** How much a window's effect counts in a patch: of those that hold it, the same. `[count, patches]` */
  readonly shares: Float32Array;
}

/** @param side of a window, in patches; on a grid that is narrower, as much as there is */
export function windowsOf([rows, columns]: PatchGrid, side: number): Windows {
  const [down, across] = [Math.min(side, rows), Math.min(side, columns)];
  const patches = rows * columns;
  const places = Array.from({ length: rows - down + 1 }, (_, top) =>
    Array.from({ length: columns - across + 1 }, (_, left) => [top, left] as const),
  ).flat();
  const left = new Float32Array(places.length * patches).fill(1);
  const holders = new Float32Array(patches);
  places.forEach(([top, start], window) => {
    for (let row = top; row < top + down; row++) {
      for (let column = start; column < start + across; column++) {
        left[window * patches + row * columns + column] = 0;
        holders[row * columns + column]++;
      }
    }
  });
  const shares = left.map((value, i) => (1 - value) / holders[i % patches]);
  return { count: places.length, left, shares };
}
