import { checkGeometry, seenArea, type Geometry } from '../geometry.js';
import type { PatchMap } from '../overlay.js';
import type { PixelArea } from '../resize.js';
import { samplePositions } from '../upsample.js';

/** Pixels of a picture that hang together, whose map lies above a level. */
export interface Region {
  /** The smallest rectangle that holds it: pixels of the original picture. */
  readonly box: PixelArea;
  /** How many pixels it has. */
  readonly area: number;
  /** The largest value of the map in it. */
  readonly peak: number;
  /** Its pixels, column by column from the left, each column from the top. */
  readonly runs: readonly Run[];
}

/** Pixels of a column, from `top` to before `bottom`. */
export interface Run {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
}

interface FoundRun extends Run {
  readonly peak: number;
  /** A run that it hangs together with; itself for the first of a region. */
  parent: number;
}

/**
 * The regions in which a map lies at or above a level, at the size of the original picture, the one with the highest peak first; of
 * the same peak the larger first. Pixels that touch at a corner hang together, as contours are usually drawn. What the model did
 * not see belongs to none. A region smaller than a patch is dropped, since a map tells nothing that small apart, but for the one
 * with the highest peak.
 */
export function findRegions(map: PatchMap, geometry: Geometry, level: number): readonly Region[] {
  checkGeometry('findRegions', geometry);
  const runs = runsAbove(map, geometry, level);
  connect(runs);
  const members = new Map<number, FoundRun[]>();
  for (let i = 0; i < runs.length; i++) {
    const root = rootOf(runs, i);
    const own = members.get(root) ?? [];
    own.push(runs[i]);
    members.set(root, own);
  }
  const regions = [...members.values()].map(regionOf);
  regions.sort((a, b) => b.peak - a.peak || b.area - a.area);
  const smallest = patchArea(map, geometry);
  return regions.filter(({ area }, i) => i === 0 || area >= smallest);
}

/** The columns of pixels that the model saw, bilinear between patch centres as an overlay is. */
function runsAbove(
  { values, grid: [rows, columns] }: PatchMap,
  geometry: Geometry,
  level: number,
): FoundRun[] {
  const { width, height } = geometry.original;
  const seen = seenArea(geometry);
  const across = samplePositions(width, seen.left, seen.right, columns);
  const down = samplePositions(height, seen.top, seen.bottom, rows);
  // A pixel was seen if its middle was.
  const [firstX, endX] = middlesWithin(seen.left, seen.right, width);
  const [firstY, endY] = middlesWithin(seen.top, seen.bottom, height);
  const runs: FoundRun[] = [];
  const line = new Float64Array(rows);
  for (let x = firstX; x < endX; x++) {
    const [left, right, share] = [across.first[x], across.second[x], across.weight[x]];
    let highest = -Infinity;
    for (let row = 0; row < rows; row++) {
      const start = values[row * columns + left];
      line[row] = start + (values[row * columns + right] - start) * share;
      highest = Math.max(highest, line[row]);
    }
    if (highest < level) continue;
    let top = -1;
    let peak = -Infinity;
    for (let y = firstY; y < endY; y++) {
      const start = line[down.first[y]];
      const value = start + (line[down.second[y]] - start) * down.weight[y];
      if (value >= level) {
        if (top < 0) top = y;
        if (value > peak) peak = value;
      } else if (top >= 0) {
        runs.push({ x, top, bottom: y, peak, parent: runs.length });
        [top, peak] = [-1, -Infinity];
      }
    }
    if (top >= 0) runs.push({ x, top, bottom: endY, peak, parent: runs.length });
  }
  return runs;
}

/** The pixels of an axis whose middles lie between two places. */
function middlesWithin(from: number, to: number, pixels: number): readonly [first: number, end: number] {
  return [Math.max(0, Math.ceil(from - 0.5)), Math.min(pixels, Math.ceil(to - 0.5))];
}

/** Joins each run with those of the column before that it touches. */
function connect(runs: FoundRun[]): void {
  let before = 0;
  for (let i = 0; i < runs.length; i++) {
    const { x, top, bottom } = runs[i];
    // Runs of the column before that end above this one touch none below it either.
    while (runs[before].x < x - 1 || (runs[before].x === x - 1 && runs[before].bottom < top)) before++;
    for (let j = before; runs[j].x === x - 1 && runs[j].top <= bottom; j++) join(runs, i, j);
  }
}

function join(runs: FoundRun[], a: number, b: number): void {
  const [first, second] = [rootOf(runs, a), rootOf(runs, b)];
  runs[Math.max(first, second)].parent = Math.min(first, second);
}

function rootOf(runs: FoundRun[], start: number): number {
  let run = start;
  while (runs[run].parent !== run) {
    // Half of the way is saved each time that it is gone.
    runs[run].parent = runs[runs[run].parent].parent;
    run = runs[run].parent;
  }
  return run;
}

function regionOf(runs: readonly FoundRun[]): Region {
  let [left, top, right, bottom, area, peak] = [Infinity, Infinity, 0, 0, 0, -Infinity];
  for (const run of runs) {
    left = Math.min(left, run.x);
    right = Math.max(right, run.x + 1);
    top = Math.min(top, run.top);
    bottom = Math.max(bottom, run.bottom);
    area += run.bottom - run.top;
    peak = Math.max(peak, run.peak);
  }
  return {
    box: { x: left, y: top, width: right - left, height: bottom - top },
    area,
    peak,
    runs: runs.map(({ x, top: from, bottom: to }) => ({ x, top: from, bottom: to })),
  };
}

/** Pixels of the original. */
function patchArea({ grid: [rows, columns] }: PatchMap, geometry: Geometry): number {
  const { left, top, right, bottom } = seenArea(geometry);
  return ((right - left) / columns) * ((bottom - top) / rows);
}
