import { describe, expect, test } from '@jest/globals';
import { Random, scenesPreprocessing } from '../../src/index.js';
import * as v from '../../src/train/index.js';
import { blob, blobs, plainPlan } from '../support/sprites.js';

const sprites = blobs();
const { pixels } = sprites[3][0].levels[0];

function sum(values: ArrayLike<number>): number {
  return Array.from(values).reduce((total, value) => total + value, 0);
}

describe('a scene', () => {
  test('is the same for the same seed and index, and another for others', () => {
    const scene = (seed: number, index: number): Uint8Array =>
      v.makeScene(sprites, seed, index, 24).picture.data;
    expect(scene(1, 5)).toEqual(scene(1, 5));
    const others = [scene(1, 6), scene(2, 5), scene(5, 1), scene(6, 1)];
    for (const other of others) expect(other).not.toEqual(scene(1, 5));
    expect(new Set(others.map(String)).size).toBe(others.length);
  });

  test('shows each pixel as the mask says: so much of the object, the rest of what is behind', () => {
    const white = [1, 1, 1];
    // A sprite painted black, so that what is left of the white is what the mask does not cover.
    const colours = Array.from({ length: 12 }, () => 0);
    const placements = [
      { x: 0.4, y: 0.45, angle: 0.7, flip: -1, shear: 0.2, stretch: 1.2, colours },
      { x: 0.6, y: 0.55, sprite: sprites[7][1], size: 0.5, colours },
    ] as const;
    const { picture, objects } = v.drawScene(plainPlan(placements, white), 50);
    const seen = [0, 0];
    for (let pixel = 0; pixel < 50 * 50; pixel++) {
      const [first, second] = objects.map(({ mask }) => mask.values[pixel]);
      const expected = 255 * (1 - first - second);
      for (let channel = 0; channel < 3; channel++) {
        expect(Math.abs(picture.data[3 * pixel + channel] - expected)).toBeLessThanOrEqual(0.51);
      }
      seen[0] += first;
      seen[1] += second;
    }
    // The one in front hides some of the other.
    const alone = v.drawScene(plainPlan(placements.slice(0, 1), white), 50).objects[0].mask;
    expect(seen[0]).toBeLessThan(0.95 * sum(alone.values));
    expect(seen[0]).toBeGreaterThan(100);
    expect(seen[1]).toBeGreaterThan(100);
  });

  test('has an exact mask of what is bent, too', () => {
    const bent = {
      colours: Array.from({ length: 12 }, () => 0),
      warp: {
        across: { amplitude: 0.05, frequency: 9, phase: 1 },
        down: { amplitude: 0.04, frequency: 5, phase: 2 },
        broad: { amplitude: 0.05, frequency: 6, phase: 0.5 },
        tall: { amplitude: 0.03, frequency: 8, phase: 3 },
      },
    };
    const { picture, objects } = v.drawScene(plainPlan([bent], [1, 1, 1]), 50);
    const { values } = objects[0].mask;
    expect(Array.from(values, (covered) => Math.round(255 * (1 - covered)))).toEqual(
      Array.from(values, (_, pixel) => picture.data[3 * pixel]),
    );
    const plain = v.drawScene(plainPlan([{}]), 50).objects[0].mask.values;
    const moved = sum(Array.from(values, (value, pixel) => Math.abs(value - plain[pixel])));
    expect(moved).toBeGreaterThan(0.05 * sum(plain));
    expect(Math.abs(sum(values) / sum(plain) - 1)).toBeLessThan(0.1);
  });

  test('has fragments that bend as the whole does, up to their edge', () => {
    // All waves push to one side, and with the angle along the picture's axis.
    const wave = { amplitude: 0.025, frequency: 0.1, phase: Math.PI / 2 };
    const bent = { angle: Math.PI / 4, warp: { across: wave, down: wave, broad: wave, tall: wave } };
    const cut = { x: 0.1, y: -0.05, radius: 0.06 };
    const side = 200;
    const [whole, fragment] = [{}, { cut }].map(
      (part) => v.drawScene(plainPlan([{ ...bent, ...part }]), side).objects[0].mask.values,
    );
    const expected = Array.from(whole, (value, pixel) => {
      const across = ((pixel % side) + 0.5 - side / 2) / (0.6 * side);
      const down = (Math.floor(pixel / side) + 0.5 - side / 2) / (0.6 * side);
      const [x, y] = [(across + down) * Math.SQRT1_2, (down - across) * Math.SQRT1_2];
      const push = 0.025 * (Math.cos(0.1 * x) + Math.cos(0.1 * y));
      const [bentX, bentY] = [x + push, y + push];
      return (bentX - cut.x) ** 2 + (bentY - cut.y) ** 2 > cut.radius ** 2 ? 0 : value;
    });
    expect(sum(expected)).toBeGreaterThan(100);
    expect(Array.from(fragment)).toEqual(expected);
  });

  test('is drawn more coarsely where it is blurred', () => {
    // 21.6 pixels of the sprite, so that it is drawn from its largest level, and from one of at most 12 where it is blurred.
    const [sharp, blurred] = [0, 1].map(
      (blur) => v.drawScene(plainPlan([{ blur }]), 36).objects[0].mask.values,
    );
    const difference = sum(Array.from(sharp, (value, pixel) => Math.abs(value - blurred[pixel])));
    expect(difference).toBeGreaterThan(0.02 * sum(sharp));
    expect(Math.abs(sum(blurred) / sum(sharp) - 1)).toBeLessThan(0.1);
  });

  test('is brighter at the edges that face the light, where it is embossed', () => {
    const relief = { strength: 0.8, angle: 0, of: 'edges' } as const;
    const [flat, embossed] = [{}, { relief }].map(
      (placement) => v.drawScene(plainPlan([placement]), 40).picture.data,
    );
    const changes = (column: number): number =>
      embossed[3 * (20 * 40 + column)] - flat[3 * (20 * 40 + column)];
    // The sprite reaches from column 12 to 31 and is lit from the right.
    expect(changes(14)).toBeLessThan(-5);
    expect(changes(29)).toBeGreaterThan(5);
    expect(changes(2)).toBe(0);
  });

  test('has the colours of its sprite', () => {
    const { picture, objects } = v.drawScene(plainPlan([{}]), 40);
    const centre = 20 * 40 + 20;
    expect(objects[0].mask.values[centre]).toBe(1);
    const middle = 4 * (Math.floor(sprites[3][0].levels[0].height / 2) * sprites[3][0].levels[0].width + 8);
    for (let channel = 0; channel < 3; channel++) {
      expect(picture.data[3 * centre + channel]).toBe(Math.round(255 * pixels[middle + channel]));
      expect(picture.data[channel]).toBe(Math.round(255 * [0.25, 0.5, 0.75][channel]));
    }
  });

  test('covers the same share at any size', () => {
    const plan = v.planScene(sprites, new Random(4), { count: 2 });
    const shares = [40, 80, 160].map((side) =>
      v.drawScene(plan, side).objects.map(({ mask }) => sum(mask.values) / side ** 2),
    );
    for (const [object, share] of shares[0].entries()) {
      for (const other of shares.slice(1)) expect(other[object] / share).toBeCloseTo(1, 1);
    }
  });
});

describe('many scenes', () => {
  const plans = Array.from({ length: 600 }, (_, index) => v.planScene(sprites, new Random(3, index)));

  test('have one to three objects of different classes, all classes alike', () => {
    const counts = [0, 0, 0, 0];
    const classes = v.sceneClasses.map(() => 0);
    for (const { objects, clutter } of plans) {
      counts[objects.length]++;
      const shown = objects.map(({ sprite }) => sprite.classIndex);
      expect(new Set(shown).size).toBe(shown.length);
      for (const index of shown) classes[index]++;
      for (const { sprite, cut } of clutter) {
        expect(shown).not.toContain(sprite.classIndex);
        expect(cut).toBeDefined();
      }
    }
    const [none, one, two, three] = counts;
    expect(none).toBe(0);
    for (const count of [one, two, three]) expect(count).toBeGreaterThan(50);
    const mean = sum(classes) / classes.length;
    // Five standard deviations.
    for (const count of classes) expect(Math.abs(count - mean)).toBeLessThan(5 * Math.sqrt(mean));
  });

  test('are easy where that is asked for: one object as it was drawn', () => {
    for (let index = 0; index < 50; index++) {
      const { objects, clutter, grain } = v.planScene(sprites, new Random(3, index), { difficulty: 0 });
      expect([objects.length, clutter.length, grain]).toEqual([1, 0, 0]);
      const [{ angle, shear, stretch, shade }] = objects;
      for (const value of [angle, shear, ...shade]) expect(value).toBeCloseTo(0);
      expect(stretch).toBe(1);
    }
  });

  const untouched = { warp: { across: 0, down: 0 }, strength: 0, blur: 0 };
  const touches = ({ warp, relief, blur }: v.Placement): typeof untouched => ({
    warp: { across: warp.across.amplitude, down: warp.down.amplitude },
    strength: Math.abs(relief.strength),
    blur,
  });

  test('show drawings in their own style unless they are restyled', () => {
    for (const plan of plans.slice(0, 50)) {
      for (const piece of [...plan.objects, ...plan.clutter]) expect(touches(piece)).toEqual(untouched);
    }
    const restyled = (difficulty: number): v.Placement[] =>
      Array.from({ length: 100 }, (_, index) =>
        v.planScene(sprites, new Random(3, index), { difficulty, restyle: true }),
      ).flatMap(({ objects }) => objects);
    for (const piece of restyled(0)) expect(touches(piece)).toEqual(untouched);
    // Of 0.15 at the greatest difficulty a tenth.
    const slightly = restyled(0.1).map(touches);
    expect(slightly.filter(({ blur }) => blur > 0).length).toBeLessThan(0.07 * slightly.length);
    const touched = restyled(1).map(touches);
    // Half of them, within five standard deviations.
    const embossed = touched.filter(({ strength }) => strength > 0).length;
    expect(Math.abs(embossed - touched.length / 2)).toBeLessThan(2.5 * Math.sqrt(touched.length));
    expect(touched.some(({ blur }) => blur > 0.5)).toBe(true);
    for (const { warp } of touched) expect(Math.max(warp.across, warp.down)).toBeLessThan(0.05);
  });

  test('paint silhouettes, mostly in a colour of their class, and show them less often', () => {
    const picture = { width: 24, height: 24, rgba: blob(0, 0) };
    const silhouette = v.makeSprite(0, 'shapes', picture, true)!;
    const mixed = [[sprites[0][0], silhouette]];
    let [silhouettes, near] = [0, 0];
    for (let index = 0; index < 400; index++) {
      const [{ sprite, colours }] = v.planScene(mixed, new Random(3, index), { count: 1 }).objects;
      if (sprite !== silhouette) continue;
      silhouettes++;
      const painted = [colours[3], colours[7], colours[11]];
      expect(colours).toEqual([0, 0, 0, painted[0], 0, 0, 0, painted[1], 0, 0, 0, painted[2]]);
      if (painted.every((channel, i) => Math.abs(channel - sprites[0][0].colour[i]) <= 0.2)) near++;
    }
    // Of 400, a quarter of the half that is picked first, and half of what is picked instead of the rest: within five
    // standard deviations.
    expect(Math.abs(silhouettes - 125)).toBeLessThan(46);
    expect(near / silhouettes).toBeGreaterThan(0.5);
    expect(near / silhouettes).toBeLessThan(1);
  });

  test('hide little of an object', () => {
    const hidden = plans.slice(0, 100).flatMap((plan) =>
      v.drawScene(plan, 32).objects.map(({ mask }, object) => {
        const alone = v.drawScene({ ...plan, objects: [plan.objects[object]] }, 32).objects[0].mask;
        return 1 - sum(mask.values) / sum(alone.values);
      }),
    );
    expect(Math.max(...hidden)).toBeLessThan(0.8);
    expect(sum(hidden) / hidden.length).toBeLessThan(0.05);
  });
});

describe('a batch', () => {
  const preprocessing = scenesPreprocessing(24);
  const batch = (first: number, count: number): v.SceneBatch =>
    v.sceneBatch(sprites, { seed: 9, first, count }, preprocessing, 8);

  test('holds the same scenes, however they are gathered', () => {
    const [three, one] = [batch(4, 3), batch(5, 1)];
    expect(one.image).toEqual(three.image.subarray(3 * 24 * 24, 2 * 3 * 24 * 24));
    expect(one.labels).toEqual(three.labels.subarray(16, 32));
    expect(one.patchLabels).toEqual(three.patchLabels.subarray(9 * 17, 2 * 9 * 17));
  });

  test('is labelled with what its scenes show', () => {
    const { image, labels, patchLabels } = batch(0, 6);
    expect(Math.max(...image)).toBeLessThanOrEqual(1);
    expect(Math.min(...image)).toBeGreaterThanOrEqual(-1);
    for (let index = 0; index < 6; index++) {
      const { objects } = v.makeScene(sprites, 9, index, 24);
      const expected = new Float32Array(16);
      for (const { classIndex } of objects) expected[classIndex] = 1 / objects.length;
      expect(labels.subarray(16 * index, 16 * (index + 1))).toEqual(expected);
      for (let patch = 0; patch < 9; patch++) {
        const found = patchLabels.subarray(17 * (9 * index + patch), 17 * (9 * index + patch + 1));
        expect(sum(found)).toBeCloseTo(1, 5);
        for (const { classIndex, mask } of objects) {
          let covered = 0;
          for (let pixel = 0; pixel < 64; pixel++) {
            const row = 8 * Math.floor(patch / 3) + Math.floor(pixel / 8);
            covered += mask.values[24 * row + 8 * (patch % 3) + (pixel % 8)] / 64;
          }
          expect(found[classIndex]).toBeCloseTo(covered, 5);
        }
      }
    }
  });
});

describe('a sprite', () => {
  test('loses its margins, and is halved until it is small', () => {
    const [largest, ...smaller] = sprites[0][0].levels;
    expect(largest.width).toBeLessThan(24);
    let previous = largest;
    for (const level of smaller) {
      expect(level.width).toBe(Math.ceil(previous.width / 2));
      previous = level;
    }
    expect(previous.width).toBeLessThanOrEqual(12);
  });

  test('knows the colour of what is visible of it', () => {
    // Half of a red pixel and a whole blue one; what is transparent has no colour.
    const rgba = Uint8Array.of(255, 0, 0, 127, 0, 0, 255, 254, 0, 255, 0, 0);
    const { colour, silhouette } = v.makeSprite(0, 'pixels', { width: 3, height: 1, rgba })!;
    expect(silhouette).toBe(false);
    for (const [channel, value] of [1 / 3, 0, 2 / 3].entries()) expect(colour[channel]).toBeCloseTo(value, 5);
  });

  test('that is all transparent is none', () => {
    expect(v.makeSprite(0, 'blobs', { width: 2, height: 2, rgba: new Uint8Array(16) })).toBeUndefined();
  });
});

test('a collection of icons gives a class what it names, whatever the hyphens', () => {
  const collection = {
    width: 64,
    height: 32,
    icons: {
      'dog-face': { body: '<path d="M0 0"/>' },
      dogside: { body: '<g/>', width: 10, height: 20 },
      'hot-dog': { body: '<circle/>' },
      cat: { body: '<rect/>' },
    },
  };
  const [dog] = v.sceneClasses;
  const svgs = v.iconsOf(collection, 'noto-v1', dog);
  expect(svgs).toHaveLength(2);
  expect(svgs[0]).toMatch(/^<svg [^>]*viewBox="0 0 64 32"><path d="M0 0"\/><\/svg>$/);
  expect(svgs[1]).toMatch(/viewBox="0 0 10 20"><g\/>/);
});

test('an icon has no faint shadow on the ground', () => {
  const body = '<path fill="red" d="M2 2"/><path d="M0 9" opacity=".15"/><path fill="blue" d="M1 1"/>';
  const [svg] = v.iconsOf({ icons: { dog: { body } } }, 'streamline-emojis', v.sceneClasses[0]);
  expect(svg).toContain('<path fill="red" d="M2 2"/><path fill="blue" d="M1 1"/>');
});

test('of icons that are lines or filled, the filled ones are silhouettes', () => {
  const icons = Object.fromEntries(
    ['dog', 'dog-fill', 'dog-duotone', 'dog-bowl-fill'].map((name) => [name, { body: `<g id="${name}"/>` }]),
  );
  const svgs = v.iconsOf({ icons }, 'ph', v.sceneClasses[0]);
  expect(svgs).toHaveLength(1);
  expect(svgs[0]).toContain('id="dog-fill"');
  expect(v.drawsSilhouettes('ph')).toBe(true);
  expect(v.drawsSilhouettes('noto-v1')).toBe(false);
  expect(v.drawsSilhouettes('google')).toBe(false);
});

test('scenes of one object are a set, as many of each class, and others to learn from than to measure on', async () => {
  const sizes = { seed: 3, classes: 4, train: 3, test: 2, side: 16 };
  const set = v.singlesSet(blobs(), sizes, 2 ** 30);
  expect(set.classes).toEqual(['dog', 'cat', 'horse', 'elephant']);
  expect([...Array.from(set.train.labels)].sort()).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]);
  expect([...Array.from(set.test.labels)].sort()).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  const names = [set.train, set.test].flatMap((part) =>
    Array.from(part.labels, (_, index) => part.name(index)),
  );
  expect(new Set(names).size).toBe(20);
  // The same as the sequence has at its number.
  const number = Number(/\d+/.exec(set.train.name(5))![0]);
  const { picture, objects } = v.makeScene(blobs(), 3, number, 16, { count: 1 });
  expect(objects.map(({ classIndex }) => classIndex)).toEqual([set.train.labels[5]]);
  expect((await set.train.picture(5)).data).toEqual(picture.data);
  expect((await set.train.mask!(5)).values).toEqual(objects[0].mask.values);
  // In memory once it was asked for.
  const kept = v.remembered(set.train);
  expect(await kept.picture(5)).toBe(await kept.picture(5));
  expect(await kept.mask!(5)).toBe(await kept.mask!(5));
  expect(await kept.picture(5)).toEqual(await set.train.picture(5));
});
