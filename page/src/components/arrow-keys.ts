/** Where each arrow key goes on a grid. */
export const steps: Readonly<Record<string, readonly [down: number, across: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** The place nearest to one that may lie beyond the ends. */
export function within(place: number, count: number): number {
  return Math.min(count - 1, Math.max(0, place));
}

/** The patch in the middle of a grid. */
export function middleOf([rows, columns]: readonly [number, number]): readonly [row: number, column: number] {
  return [Math.floor(rows / 2), Math.floor(columns / 2)];
}
