import { describe, expect, test } from '@jest/globals';
import {
  findRegions,
  levelOf,
  runLengths,
  type Geometry,
  type PatchMap,
  type Region,
  type Run,
  seenArea,
  type Size,
  type Threshold,
  UsageError,
} from '../../src/index.js';
import { samplePositions } from '../../src/image/upsample.js';
import { Random } from '../../src/random.js';

/** A picture that is all seen, as it is. */
const whole = (size: Size): Geometry => ({
  original: size,
  resized: size,
  crop: { x: 0, y: 0, ...size },
});

/** A map of one patch a pixel. */
function drawn(...rows: readonly string[]): { map: PatchMap; geometry: Geometry } {
  const size = { width: rows[0].length, height: rows.length };
  const values = rows.flatMap((row) => Array.from(row, (letter) => Number(letter)));
  return { map: { values, grid: [size.height, size.width] }, geometry: whole(size) };
}

/** Which pixels are in it. */
function pixelsOf({ runs }: Pick<Region, 'runs'>): string[] {
  return runs.flatMap(({ x, top, bottom }) =>
    Array.from({ length: bottom - top }, (_, i) => `${x},${top + i}`),
  );
}

describe('regions', () => {
  test('of a map of one patch a pixel are those that hang together, corners included', () => {
    const { map, geometry } = drawn('90002', '09002', '00000', '00220', '00003');
    const regions = findRegions(map, geometry, 2);
    expect(regions.map(({ box, area, peak }) => ({ ...box, area, peak }))).toEqual([
      { x: 0, y: 0, width: 2, height: 2, area: 2, peak: 9 },
      { x: 2, y: 3, width: 3, height: 2, area: 3, peak: 3 },
      { x: 4, y: 0, width: 1, height: 2, area: 2, peak: 2 },
    ]);
    expect(pixelsOf(regions[1])).toEqual(['2,3', '3,3', '4,4']);
  });

  test('that meet only further on are one', () => {
    const { map, geometry } = drawn('505', '505', '555');
    expect(findRegions(map, geometry, 5).map(({ area }) => area)).toEqual([7]);
    const turned = drawn('555', '500', '555');
    expect(findRegions(turned.map, turned.geometry, 5).map(({ area }) => area)).toEqual([7]);
  });

  test('smaller than a patch are dropped, but for the one with the highest peak', () => {
    const geometry = whole({ width: 40, height: 40 });
    const values = [9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 6, 0, 0, 0];
    const [first, ...others] = findRegions({ values, grid: [4, 4] }, geometry, 5.9);
    expect(first.peak).toBeGreaterThan(8);
    expect(others).toEqual([]);
    expect(findRegions({ values, grid: [4, 4] }, geometry, 2)).toHaveLength(3);
    // Patches are those of what was seen, wherever that lies.
    const size = { width: 40, height: 60 };
    const lower: Geometry = { original: size, resized: size, crop: { x: 0, y: 20, width: 40, height: 40 } };
    expect(findRegions({ values, grid: [4, 4] }, lower, 2)).toHaveLength(3);
  });

  test.each<[string, Geometry]>([
    ['that is seen whole', whole({ width: 61, height: 47 })],
    [
      'of which the middle is seen',
      {
        original: { width: 90, height: 50 },
        resized: { width: 128, height: 71 },
        crop: { x: 29, y: 1, width: 70, height: 70 },
      },
    ],
    [
      'that is smaller than the grid',
      {
        original: { width: 7, height: 5 },
        resized: { width: 90, height: 64 },
        crop: { x: 13, y: 0, width: 64, height: 64 },
      },
    ],
  ])('of a picture %s are those of a plain flood', (_, geometry) => {
    for (let seed = 0; seed < 6; seed++) {
      const random = new Random(seed);
      const map = { values: Float64Array.from({ length: 48 }, () => random.next()), grid: [6, 8] as const };
      const found = findRegions(map, geometry, 0.55);
      const all = plainly(map, geometry, 0.55).toSorted((a, b) => b.peak - a.peak || b.area - a.area);
      const { left, top, right, bottom } = seenArea(geometry);
      const patch = ((right - left) * (bottom - top)) / 48;
      const expected = all.filter(({ area }, i) => i === 0 || area >= patch);
      expect(found.map(({ box, area, peak }) => ({ box, area, peak }))).toEqual(
        expected.map(({ box, area, peak }) => ({ box, area, peak })),
      );
      expect(found.map((region) => new Set(pixelsOf(region)))).toEqual(expected.map(({ pixels }) => pixels));
      expect(found.length).toBeGreaterThan(0);
    }
  });
});

interface Plain extends Pick<Region, 'box' | 'area' | 'peak'> {
  readonly pixels: ReadonlySet<string>;
}

/** A pixel at a time, and from each to its eight neighbours. */
function plainly({ values, grid: [rows, columns] }: PatchMap, geometry: Geometry, level: number): Plain[] {
  const { width, height } = geometry.original;
  const { left, top, right, bottom } = seenArea(geometry);
  const across = samplePositions(width, left, right, columns);
  const down = samplePositions(height, top, bottom, rows);
  const valueAt = (x: number, y: number): number => {
    const inside = x + 0.5 >= left && x + 0.5 < right && y + 0.5 >= top && y + 0.5 < bottom;
    if (x < 0 || y < 0 || x >= width || y >= height || !inside) return -Infinity;
    const at = (row: number, column: number): number => values[row * columns + column];
    const between = (row: number): number => {
      const start = at(row, across.first[x]);
      return start + (at(row, across.second[x]) - start) * across.weight[x];
    };
    const start = between(down.first[y]);
    return start + (between(down.second[y]) - start) * down.weight[y];
  };
  const seen = new Set<string>();
  const regions: Plain[] = [];
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      if (seen.has(`${x},${y}`) || valueAt(x, y) < level) continue;
      const pixels = new Set<string>();
      const open: [number, number][] = [[x, y]];
      let peak = -Infinity;
      for (let next = open.pop(); next; next = open.pop()) {
        const [nextX, nextY] = next;
        if (seen.has(next.join()) || valueAt(nextX, nextY) < level) continue;
        seen.add(next.join());
        pixels.add(next.join());
        peak = Math.max(peak, valueAt(nextX, nextY));
        for (const i of [-1, 0, 1]) for (const j of [-1, 0, 1]) open.push([nextX + i, nextY + j]);
      }
      const places = [...pixels].map((pixel) => pixel.split(',').map(Number));
      const [xs, ys] = [places.map(([one]) => one), places.map(([, one]) => one)];
      const box = { x: Math.min(...xs), y: Math.min(...ys) };
      const size = { width: Math.max(...xs) - box.x + 1, height: Math.max(...ys) - box.y + 1 };
      regions.push({ box: { ...box, ...size }, area: pixels.size, peak, pixels });
    }
  }
  return regions;
}

describe('the level of a threshold', () => {
  const levels = (values: number[], threshold?: Threshold): number | undefined =>
    levelOf({ values, grid: [1, values.length] }, threshold);

  test('is twice the mean above the smallest value, if nothing else is asked', () => {
    expect(levels([1, 1, 1, 9])).toBe(1 + 2 * 2);
    expect(levels([0, 2, 4, 8])).toBe(7);
    // What speaks against a class is none of it.
    expect(levels([-5, 0, 0, 8])).toBe(4);
  });

  test('is a share of the way from the smallest value to the largest', () => {
    expect(levels([1, 2, 3, 11], 0.2)).toBe(3);
    expect(levels([-4, 0, 10], 0.15)).toBe(1.5);
    expect(levels([1, 2, 3, 11], 0)).toBe(1);
  });

  test("is Otsu's: no other parts the values into groups that are further apart", () => {
    expect(levels([0, 0.1, 0.2, 0.8, 0.9, 1], 'otsu')).toBeGreaterThan(0.2);
    expect(levels([0, 0.1, 0.2, 0.8, 0.9, 1], 'otsu')).toBeLessThanOrEqual(0.8);
    const random = new Random(3);
    const values = Array.from({ length: 196 }, () => random.next() ** 4);
    const spread = (level: number): number => {
      const [above, below] = [values.filter((one) => one >= level), values.filter((one) => one < level)];
      const mean = (some: number[]): number => some.reduce((a, b) => a + b, 0) / some.length;
      return above.length * below.length * (mean(above) - mean(below)) ** 2;
    };
    const best = Math.max(
      ...values
        .toSorted((a, b) => a - b)
        .slice(1)
        .map(spread),
    );
    expect(spread(levels(values, 'otsu')!)).toBeGreaterThan(0.999 * best);
  });

  test('is none of a map that has nothing to tell apart', () => {
    expect(levels([3, 3, 3])).toBeUndefined();
    expect(levels([-3, -1, 0])).toBeUndefined();
  });

  test.each([[1], [-0.1], [NaN], ['triangle']])('%s is refused', (threshold) => {
    expect(() => levels([1, 2], threshold as Threshold)).toThrow(UsageError);
    expect(() => levels([1, 2], threshold as Threshold)).toThrow(
      /give a share from 0 to below 1, such as 0.2, or mean or otsu/,
    );
  });
});

describe('run lengths', () => {
  const runsOf = (...rows: readonly string[]): Run[] => {
    const runs: Run[] = [];
    for (let x = 0; x < rows[0].length; x++) {
      for (let top = 0; top < rows.length; top++) {
        if (rows[top][x] !== '#') continue;
        let bottom = top;
        while (bottom < rows.length && rows[bottom][x] === '#') bottom++;
        runs.push({ x, top, bottom });
        top = bottom;
      }
    }
    return runs;
  };

  // Written by pycocotools 2.0, `mask.encode`.
  test.each([
    [['....', '.##.', '.###', '....'], '52201ON'],
    [['##', '##'], '04'],
    [['#..', '...', '..#'], '0170'],
    [['...', '...'], '6'],
    [['#', '.', '#'], '0110'],
  ])('of %j are those of pycocotools', (rows, counts) => {
    const size = { width: rows[0].length, height: rows.length };
    expect(runLengths(runsOf(...rows), size)).toEqual({ size: [size.height, size.width], counts });
  });

  test('of large pictures, too', () => {
    const box = Array.from({ length: 27 }, (_, i) => ({ x: 330 + i, top: 19, bottom: 77 }));
    expect(runLengths(box, { width: 451, height: 300 }).counts).toBe(
      '[fP3j1b7000000000000000000000000000000000000000000000000000e`k0',
    );
    const apart = [
      { x: 3, top: 100, bottom: 900 },
      { x: 1500, top: 500, bottom: 501 },
    ];
    expect(runLengths(apart, { width: 2000, height: 1000 }).counts).toBe('lP3Pi0h`e]1QWOcXbQO');
  });
});
