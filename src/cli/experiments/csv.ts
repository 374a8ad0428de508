import type { Explanation } from '../../pipeline/index.js';

/** A map as a table for other programs: a line for each place. */
export function csvOf({ grid: [, columns], axes = ['row', 'column'], values }: Explanation): string {
  const lines = values.map((value, i) => [Math.floor(i / columns), i % columns, value].join(','));
  return `${[[...axes, 'effect'].join(','), ...lines].join('\n')}\n`;
}
