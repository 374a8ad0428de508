import { describe, expect, test } from '@jest/globals';
import { Random } from '../../src/index.js';
import * as v from '../../src/train/index.js';
import { blobs, plainPlan } from '../support/sprites.js';

const side = 40;

/** The colours of a square as broad as the picture, which leaves out none of the square's own pixels. */
function drawn(sprite: v.Sprite, placement: Partial<v.Placement> = {}): Uint8Array {
  const plan = plainPlan([{ sprite, size: 1, ...placement }], [0, 0, 1]);
  return v.drawScene(plan, side).picture.data;
}

function square(colourAt: (x: number, y: number) => readonly number[], silhouette = false): v.Sprite {
  const rgba = new Uint8Array(4 * side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) rgba.set([...colourAt(x, y), 255], 4 * (y * side + x));
  }
  return v.makeSprite(0, 'squares', { width: side, height: side, rgba }, silhouette)!;
}

/** The red of a row of pixels through the middle. */
function redOf(data: Uint8Array, row = side / 2): number[] {
  return Array.from({ length: side }, (_, column) => data[3 * (row * side + column)]);
}

describe('a drawing with less detail', () => {
  const [fill, dark, bright] = [
    [160, 90, 40],
    [20, 10, 0],
    [250, 250, 250],
  ];
  // A dark outline one pixel broad, a dark and a bright line two broad, and a dark and a bright square six broad.
  const colourAt = (x: number, y: number): number[] => {
    if (Math.min(x, y) === 0 || Math.max(x, y) === side - 1) return dark;
    if (x === 9 || x === 10) return dark;
    if (x === 14 || x === 15) return bright;
    const broad = y >= 17 && y < 23;
    if (broad && x >= 20 && x < 26) return dark;
    return broad && x >= 30 && x < 36 ? bright : fill;
  };
  const [all, unlined, broad] = (['all', 'unlined', 'broad'] as const).map((detail) =>
    drawn(square(colourAt), { detail }),
  );
  const at = (data: Uint8Array, x: number, y: number): number[] =>
    Array.from(data.subarray(3 * (y * side + x), 3 * (y * side + x) + 3));

  test('has lost its dark outline and dark lines, and not its bright ones', () => {
    for (const [x, y] of [
      [0, 20],
      [39, 5],
      [9, 8],
      [10, 30],
    ]) {
      expect(at(all, x, y)).toEqual(dark);
      expect(at(unlined, x, y)).toEqual(fill);
      expect(at(broad, x, y)).toEqual(fill);
    }
    expect(at(unlined, 14, 8)).toEqual(bright);
    expect(at(broad, 14, 8)).toEqual(fill);
  });

  test('has kept what is broad, in its own colours', () => {
    for (const data of [all, unlined, broad]) {
      expect(at(data, 22, 19)).toEqual(dark);
      expect(at(data, 32, 19)).toEqual(bright);
      expect(at(data, 5, 5)).toEqual(fill);
    }
  });

  test('has kept its outline', () => {
    const [sprite] = blobs()[5];
    const [mask, ...others] = (['all', 'unlined', 'broad'] as const).map(
      (detail) => v.drawScene(plainPlan([{ sprite, detail }]), side).objects[0].mask.values,
    );
    for (const other of others) expect(other).toEqual(mask);
  });

  test('stays as it is, if it is a shape to be painted', () => {
    const [shape, less] = (['all', 'broad'] as const).map((detail) =>
      drawn(square(colourAt, true), { detail }),
    );
    expect(less).toEqual(shape);
  });
});

describe('light on a drawing', () => {
  const grey = square(() => [100, 100, 100]);
  const changes = (placement: Partial<v.Placement>, sprite = grey): number[] => {
    const flat = redOf(drawn(sprite));
    return redOf(drawn(sprite, placement)).map((red, column) => red - flat[column]);
  };

  test('makes a body of it: brighter where it rises towards the light, the more the nearer the edge', () => {
    const lit = changes({ relief: { strength: 0.5, angle: 0, of: 'body' } });
    expect(lit[20]).toBe(0);
    expect(lit[34]).toBeGreaterThan(2);
    expect(lit[37]).toBeGreaterThan(lit[34]);
    expect(lit[5]).toBe(-lit[34]);
    // Its middle is flat: it rises for a fifth of its side only, and light is judged over a tenth at most.
    for (let column = 12; column < 28; column++) expect(lit[column]).toBe(0);
  });

  test('embosses what is drawn on it: bright parts are the higher ones', () => {
    const striped = square((x) => (x < 20 ? [60, 60, 60] : [140, 140, 140]));
    const [right, left] = [0, Math.PI].map((angle) =>
      changes({ relief: { strength: 0.5, angle, of: 'tones' } }, striped),
    );
    // The step faces left.
    for (const column of [19, 20]) {
      expect(right[column]).toBeLessThan(-3);
      expect(left[column]).toBeGreaterThan(3);
    }
    for (const column of [12, 28]) expect(right[column]).toBe(0);
  });

  test('has a colour: each channel takes its own share of the change', () => {
    const [flat, white, tinted] = [
      {},
      { shade: [0.4, 0] as const },
      { shade: [0.4, 0] as const, tint: [2, 0, 1] as const },
    ].map((placement) => drawn(grey, placement));
    for (const column of [4, 12, 28, 36]) {
      const pixel = 3 * (20 * side + column);
      const change = white[pixel] - flat[pixel];
      expect(Math.abs(change)).toBeGreaterThan(10);
      expect(Math.abs(tinted[pixel] - flat[pixel] - 2 * change)).toBeLessThanOrEqual(1);
      expect(tinted[pixel + 1]).toBe(flat[pixel + 1]);
      expect(tinted[pixel + 2]).toBe(white[pixel + 2]);
    }
  });
});

describe('scenes that are redrawn', () => {
  const sprites = blobs();
  /** The first objects of scenes without clutter, on whose variations they would depend. */
  const objectsOf = (options: v.SceneOptions): v.Placement[] =>
    Array.from({ length: 800 }, (_, index) =>
      v.planScene(sprites, new Random(3, index), { count: 1, ...options }),
    )
      .filter(({ clutter }) => clutter.length === 0)
      .map(({ objects }) => objects[0]);
  const [plain, redrawn] = [objectsOf({}), objectsOf({ redraw: true })];
  /** So many of them, within five standard deviations. */
  const expectShare = (count: number, share: number): void => {
    expect(Math.abs(count - redrawn.length * share)).toBeLessThan(
      5 * Math.sqrt(redrawn.length * share * (1 - share)),
    );
  };

  test('have the same objects at the same places as those that are not', () => {
    const place = ({ x, y, size, angle, flip, shade }: v.Placement): unknown[] => [
      x,
      y,
      size,
      angle,
      flip,
      ...shade,
    ];
    expect(plain.length).toBeGreaterThan(300);
    expect(redrawn.map(place)).toEqual(plain.map(place));
    expect(redrawn.every(({ sprite }, index) => sprite === plain[index].sprite)).toBe(true);
  });

  test('change some of the drawings in each way, and none where all is easy', () => {
    const counts = { detail: 0, proportions: 0, tint: 0, relief: 0 };
    for (const { detail, warp, tint, relief } of redrawn) {
      if (detail !== 'all') counts.detail++;
      if (warp.broad.amplitude > 0) counts.proportions++;
      if (tint[0] !== 1) counts.tint++;
      if (relief.strength !== 0) counts.relief++;
    }
    expectShare(counts.detail, 1 / 3);
    expectShare(counts.proportions, 1 / 2);
    expectShare(counts.tint, 1 / 2);
    expectShare(counts.relief, 1 / 2);
    const style = ({ detail, warp, tint, relief, stretch, shear, colours }: v.Placement): unknown => [
      detail,
      warp.broad.amplitude + warp.tall.amplitude,
      tint,
      relief.strength + 0,
      stretch,
      shear + 0,
      colours,
    ];
    const [easy, redrawnEasily] = [objectsOf({ difficulty: 0 }), objectsOf({ difficulty: 0, redraw: true })];
    expect(redrawnEasily.map(style)).toEqual(easy.map(style));
    for (const { detail, warp, tint, relief } of plain) {
      expect([detail, warp.broad.amplitude, warp.tall.amplitude, tint, relief.strength + 0]).toEqual([
        'all',
        0,
        0,
        [1, 1, 1],
        0,
      ]);
    }
  });

  test('never draw a part twice: what grows stays in order', () => {
    for (const { warp } of redrawn) {
      for (const { amplitude, frequency } of [warp.broad, warp.tall]) {
        expect(amplitude * frequency).toBeLessThan(0.7);
      }
    }
  });

  test('give some drawings the colour of another one of their class', () => {
    let recoloured = 0;
    for (const [index, { sprite, colours }] of redrawn.entries()) {
      const before = plain[index].colours;
      const [other] = sprites[sprite.classIndex].filter((drawing) => drawing !== sprite);
      // What the maps make of the drawing's mean colour, and of the other's.
      const apply = (map: v.Placement['colours'], [red, green, blue]: v.Sprite['colour']): number[] =>
        [0, 4, 8].map((row) => map[row] * red + map[row + 1] * green + map[row + 2] * blue + map[row + 3]);
      const [from, to, reached] = [
        apply(before, sprite.colour),
        apply(before, other.colour),
        apply(colours, sprite.colour),
      ];
      const shares = from.map((value, channel) => (reached[channel] - value) / (to[channel] - value));
      if (reached.every((value, channel) => value === from[channel])) continue;
      recoloured++;
      for (const share of shares) {
        expect(share).toBeCloseTo(shares[0], 4);
        expect(share).toBeGreaterThan(0.19);
        expect(share).toBeLessThan(1.01);
      }
    }
    // Half of them, and of these half find themselves.
    expectShare(recoloured, 1 / 4);
  });
});
