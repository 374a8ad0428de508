import { describe, expect, test } from '@jest/globals';
import { imagenetPreprocessing, pictureValues, type Picture } from '../../../src/index.js';
import { Random } from '../../../src/random.js';
import { symmetricBeta } from '../../../src/train/augment/beta.js';
import {
  augmentation,
  cutmix,
  erase,
  flipped,
  jittered,
  mixed,
  mixup,
  randAugment,
  randomArea,
  shifted,
  shuffled,
  trivialAugment,
} from '../../../src/train/augment/index.js';
import { haveSameBits } from '../../support/compare.js';
import { generator, randomValues, seed } from '../../support/random.js';

/** Distributions are measured on one sequence: a measurement that is right once in a thousand fails is no test. */
const draws = 20_000;
const fixed = (): Random => new Random(2024);
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const pictureOf = (width: number, height: number): Picture => ({
  width,
  height,
  data: Uint8Array.from(randomValues(3 * width * height, generator(), 20, 230)),
});

/** As text, to be counted in a set. */
const bytesOf = ({ data }: Picture): string => Buffer.from(data).toString('latin1');

describe(`what chance makes of a picture (seed ${seed})`, () => {
  test('random parts have the shares and proportions that are asked for, and lie anywhere', () => {
    const random = fixed();
    const options = { scale: [0.08, 1], ratio: [3 / 4, 4 / 3] } as const;
    const [width, height] = [200, 200];
    const areas = Array.from({ length: draws }, () => randomArea({ width, height }, options, random));
    expect(Math.min(...areas.map(({ x, y }) => Math.min(x, y)))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...areas.map((part) => part.x + part.width))).toBeLessThanOrEqual(width);
    expect(Math.max(...areas.map((part) => part.y + part.height))).toBeLessThanOrEqual(height);
    const shares = areas.map((part) => (part.width * part.height) / (width * height));
    expect(Math.min(...shares)).toBeGreaterThan(0.075);
    expect(Math.min(...shares)).toBeLessThan(0.09);
    expect(Math.max(...shares)).toBeGreaterThan(0.95);
    const ratios = areas.map((part) => part.width / part.height);
    expect(Math.min(...ratios)).toBeCloseTo(3 / 4, 1);
    expect(Math.max(...ratios)).toBeCloseTo(4 / 3, 1);
    expect(mean(ratios.map(Math.log))).toBeCloseTo(0, 2);
    const small = areas.filter((part) => part.width < 100 && part.height < 100);
    expect(mean(small.map((part) => part.x / (width - part.width)))).toBeCloseTo(0.5, 1);
    expect(Math.max(...small.map((part) => part.y / (height - part.height)))).toBe(1);
    expect(Math.min(...small.map((part) => part.y / (height - part.height)))).toBe(0);
  });

  test('where no part fits, the middle is taken, as wide or as high as it may be', () => {
    const options = { scale: [0.9, 1], ratio: [3 / 4, 4 / 3] } as const;
    expect(randomArea({ width: 400, height: 10 }, options, fixed())).toEqual({
      x: 193,
      y: 0,
      width: 13,
      height: 10,
    });
    expect(randomArea({ width: 9, height: 90 }, options, fixed())).toEqual({
      x: 0,
      y: 39,
      width: 9,
      height: 12,
    });
    expect(randomArea({ width: 1, height: 1 }, options, fixed())).toEqual({
      x: 0,
      y: 0,
      width: 1,
      height: 1,
    });
  });

  test('flipping is its own opposite, and exchanges columns', () => {
    const picture = pictureOf(7, 4);
    const once = flipped(picture);
    for (let row = 0; row < 4; row++) {
      for (let column = 0; column < 7; column++) {
        const [from, to] = [3 * (row * 7 + column), 3 * (row * 7 + 6 - column)];
        expect([...once.data.subarray(to, to + 3)]).toEqual([...picture.data.subarray(from, from + 3)]);
      }
    }
    expect(flipped(once).data).toEqual(picture.data);
  });

  test('shifting moves by each distance alike, and leaves black behind', () => {
    const random = fixed();
    const picture: Picture = { width: 5, height: 5, data: new Uint8Array(75) };
    picture.data.fill(255, 36, 39); // the pixel in the middle
    const counts = new Map<number, number>();
    const sums = new Set<number>();
    for (let i = 0; i < draws; i++) {
      const { data } = shifted(picture, 2, random);
      sums.add(data.reduce((sum, value) => sum + value, 0));
      const at = data.indexOf(255) / 3;
      counts.set(at, (counts.get(at) ?? 0) + 1);
    }
    expect([...sums]).toEqual([3 * 255]);
    expect(counts.size).toBe(25);
    for (const count of counts.values()) expect(count / draws).toBeCloseTo(1 / 25, 2);
    const large = pictureOf(3, 2);
    const gone = Array.from({ length: 200 }, () => shifted(large, 9, random).data);
    expect(gone.some((data) => data.every((value) => value === 0))).toBe(true);
  });

  test('colours are changed within reach, in any order, and not at all by 0', () => {
    const picture = pictureOf(8, 8);
    expect(jittered(picture, { brightness: 0, contrast: 0, saturation: 0 }, fixed()).data).toEqual(
      picture.data,
    );
    const grey: Picture = { width: 2, height: 2, data: new Uint8Array(12).fill(100) };
    const random = fixed();
    const levels = Array.from(
      { length: draws / 10 },
      () => jittered(grey, { brightness: 0.4, contrast: 0.4, saturation: 0.4 }, random).data[0],
    );
    expect(Math.min(...levels)).toBe(60);
    expect(Math.max(...levels)).toBe(139);
    expect(mean(levels)).toBeGreaterThan(98);
    expect(mean(levels)).toBeLessThan(101);
  });

  test('policies choose every change, and all of them at the magnitudes they may have', () => {
    // As many pixels as values are needed for values to be used equally often.
    const picture = pictureOf(17, 16);
    const distinct = (policy: ReturnType<typeof trivialAugment>): number => {
      const random = fixed();
      return new Set(Array.from({ length: 1200 }, () => bytesOf(policy(picture, random)))).size;
    };
    // Of one magnitude: seven changes both ways, five one way, and the picture itself; sharpness never equals another.
    expect(distinct(randAugment({ operations: 1, magnitude: 9 }))).toBe(23);
    expect(distinct(randAugment({ operations: 1, magnitude: 0 }))).toBeLessThan(8);
    expect(distinct(randAugment({ operations: 2, magnitude: 9 }))).toBeGreaterThan(250);
    expect(distinct(trivialAugment())).toBeGreaterThan(200);
  });

  test('erasing sets one rectangle of the wanted share to the mean, in all channels', () => {
    const random = fixed();
    const [height, width] = [30, 40];
    const shares = Array.from({ length: 2000 }, () => {
      const values = new Float32Array(2 * height * width).fill(7);
      erase(values, [height, width], random);
      const [first, second] = [values.subarray(0, height * width), values.subarray(height * width)];
      expect(haveSameBits(first, second)).toBe(true);
      const places = [...first.keys()].filter((place) => first[place] === 0);
      const rows = places.map((place) => Math.floor(place / width));
      const columns = places.map((place) => place % width);
      const area =
        (Math.max(...rows) - Math.min(...rows) + 1) * (Math.max(...columns) - Math.min(...columns) + 1);
      expect(places.length).toBe(area);
      return area / (height * width);
    });
    expect(Math.min(...shares)).toBeGreaterThan(0.01);
    expect(Math.min(...shares)).toBeLessThan(0.03);
    expect(Math.max(...shares)).toBeGreaterThan(0.3);
    expect(Math.max(...shares)).toBeLessThan(0.36);
  });

  test('shares follow the beta distribution', () => {
    const random = fixed();
    for (const alpha of [0.2, 1, 3]) {
      const values = Array.from({ length: draws }, () => symmetricBeta(alpha, random));
      expect(mean(values)).toBeCloseTo(0.5, 2);
      const variance = mean(values.map((value) => (value - 0.5) ** 2));
      expect(variance).toBeCloseTo(1 / (4 * (2 * alpha + 1)), 2);
    }
    expect(symmetricBeta(1e-3, random)).toBeGreaterThanOrEqual(0);
  });

  test('mixup blends images and labels with those before', () => {
    const image = randomValues(3 * 4, generator());
    const labels = Float32Array.of(1, 0, 0, 1, 0.5, 0.5);
    const result = mixup({ image, labels }, 3, 0.75);
    for (let i = 0; i < 12; i++) {
      expect(result.image[i]).toBeCloseTo(0.75 * image[i] + 0.25 * image[(i + 8) % 12], 6);
    }
    expect([...result.labels]).toEqual([0.875, 0.125, 0.25, 0.75, 0.375, 0.625]);
  });

  test('cutmix pastes one rectangle of the image before, and labels count what is seen', () => {
    const random = fixed();
    const [height, width] = [12, 10];
    const pixels = height * width;
    const image = Float32Array.from({ length: 2 * 3 * pixels }, (_, i) => (i < 3 * pixels ? 1 : 2));
    const labels = Float32Array.of(1, 0, 0, 1);
    const pastedShares = Array.from({ length: 500 }, (_, round) => {
      const share = (round % 10) / 10;
      const result = cutmix({ image, labels }, 2, [height, width], share, random);
      const channel = [...result.image.subarray(0, pixels)];
      const pasted = channel.filter((value) => value === 2).length / pixels;
      expect([...result.image.subarray(pixels, 2 * pixels)]).toEqual(channel);
      expect([...result.image.subarray(3 * pixels, 4 * pixels)]).toEqual(channel.map((value) => 3 - value));
      expect(result.labels[0]).toBeCloseTo(1 - pasted, 6);
      expect(result.labels[1]).toBeCloseTo(pasted, 6);
      expect(pasted).toBeLessThanOrEqual(1 - share + 1e-9);
      return pasted;
    });
    expect(Math.max(...pastedShares)).toBeGreaterThan(0.8);
  });

  test('mixed takes either way as often, leaves a batch alone without any, and labels stay distributions', () => {
    const random = fixed();
    const batch = {
      image: randomValues(4 * 3 * 16, generator()),
      labels: new Float32Array(8).map((_, i) => i % 2),
    };
    expect(mixed(batch, 4, [4, 4], {}, random)).toBe(batch);
    let blends = 0;
    for (let i = 0; i < 2000; i++) {
      const { image, labels } = mixed(batch, 4, [4, 4], { mixup: 1, cutmix: 1 }, random);
      const known = new Set(batch.image);
      if (image.some((value) => !known.has(value))) blends++;
      for (let row = 0; row < 8; row += 2) expect(labels[row] + labels[row + 1]).toBeCloseTo(1, 5);
    }
    expect(blends / 2000).toBeCloseTo(0.5, 1);
  });

  test('an order is drawn from all with equal chances', () => {
    const random = fixed();
    const counts = new Map<string, number>();
    for (let i = 0; i < draws; i++) {
      const order = shuffled('abc', random).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(count / draws).toBeCloseTo(1 / 6, 1.7);
  });
});

describe('augmentation', () => {
  const preprocessing = { ...imagenetPreprocessing, fit: 'crop', shortSide: 8, size: 8 } as const;
  const { mean: means, std } = preprocessing;

  test('without options is preprocessing', () => {
    const picture = pictureOf(8, 8);
    expect(augmentation({}, preprocessing)(picture, fixed())).toEqual(pictureValues(picture, means, std));
  });

  test('with everything is another picture each time, and the same for the same seed', () => {
    const picture = pictureOf(31, 20);
    const augment = augmentation(
      {
        crop: { scale: [0.2, 1], ratio: [0.75, 1.3] },
        shift: 1,
        flip: 0.5,
        color: { brightness: 0.4, contrast: 0.4, saturation: 0.4 },
        policy: { operations: 2, magnitude: 9 },
        erase: 0.5,
      },
      preprocessing,
    );
    const random = fixed();
    const several = Array.from({ length: 20 }, () => String(augment(picture, random)));
    expect(new Set(several).size).toBeGreaterThan(18);
    expect(String(augment(picture, fixed()))).toBe(several[0]);
    expect(augment(picture, fixed()).length).toBe(3 * 64);
  });

  test('of a model that sees luminance, of all colours', () => {
    const grey = { ...preprocessing, mean: [0.5], std: [0.5] };
    const red: Picture = { width: 8, height: 8, data: new Uint8Array(192).map((_, i) => (i % 3 ? 0 : 255)) };
    const [value] = augmentation({ crop: { scale: [1, 1], ratio: [1, 1] } }, grey)(red, fixed());
    expect(value).toBeCloseTo((76 / 255 - 0.5) / 0.5, 6);
  });
});
