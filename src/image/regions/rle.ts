import type { Size } from '../picture.js';
import type { Run } from './regions.js';

/** A mask as COCO writes it. */
export interface RunLengths {
  readonly size: readonly [height: number, width: number];
  /** How many pixels are outside, inside, outside … column by column, in the characters that pycocotools reads. */
  readonly counts: string;
}

/**
 * The pixels of a region as COCO's run lengths.
 * Source: COCO API, `common/maskApi.c`, `rleToString`: each count but the first three less the one before the last, five bits a
 * character, lowest first.
 */
export function runLengths(runs: readonly Run[], { width, height }: Size): RunLengths {
  const counts = countsOf(runs, { width, height });
  return {
    size: [height, width],
    counts: counts.map((count, i) => encoded(i > 2 ? count - counts[i - 2] : count)).join(''),
  };
}

function countsOf(runs: readonly Run[], { width, height }: Size): number[] {
  const counts: number[] = [];
  let done = 0;
  for (const { x, top, bottom } of runs) {
    const [from, to] = [x * height + top, x * height + bottom];
    // From the foot of one column to the head of the next it goes on.
    if (from === done && counts.length > 0) counts[counts.length - 1] += to - from;
    else counts.push(from - done, to - from);
    done = to;
  }
  const rest = width * height - done;
  return rest > 0 || counts.length === 0 ? [...counts, rest] : counts;
}

/** A whole number with its sign. */
function encoded(value: number): string {
  let text = '';
  let left = value;
  for (;;) {
    const bits = left & 31;
    left >>= 5;
    const isLast = bits & 16 ? left === -1 : left === 0;
    text += String.fromCharCode(48 + (isLast ? bits : bits | 32));
    if (isLast) return text;
  }
}
