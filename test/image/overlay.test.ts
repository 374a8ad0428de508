import { describe, expect, test } from '@jest/globals';
import { ShapeError, UsageError } from '../../src/errors.js';
import { colormap } from '../../src/image/colormap.js';
import type { Area } from '../../src/image/geometry.js';
import type { Picture } from '../../src/image/picture.js';
import { overlay } from '../../src/image/overlay.js';
import { imagenetPreprocessing, preprocess, vitExplainPreprocessing } from '../../src/image/preprocess.js';
import { hairline } from '../../src/image/unseen.js';
import { areSame, pictureByFormula, pixelsOf, plainPicture } from './pictures.js';

const grey = [120, 120, 120];

/** As the standard ways, for a small model. */
const cropping = { ...imagenetPreprocessing, shortSide: 64, size: 56 };
const squashing = { ...vitExplainPreprocessing, size: 14 };

/** Heat 1 at one patch of a 14x14 grid, 0 elsewhere. */
function oneHotPatch(row: number, column: number) {
  const values = new Float32Array(196);
  values[row * 14 + column] = 1;
  return { values, grid: [14, 14] as const };
}

function pixel(picture: Picture, x: number, y: number): number[] {
  const at = 3 * (y * picture.width + x);
  return Array.from(picture.data.subarray(at, at + 3));
}

/** Where red most exceeds blue: under viridis, whose top is yellow, on a grey photograph the hottest pixel. */
function hottest({ data, width }: Picture): [number, number] {
  const warmth = (at: number) => data[at] - data[at + 2];
  let best = 0;
  for (let at = 0; at < data.length; at += 3) if (warmth(at) > warmth(best)) best = at;
  return [(best / 3) % width, Math.floor(best / 3 / width)];
}

describe('overlay', () => {
  test('heat lands where the patch lies in the original, through crop and resize', () => {
    const photo = plainPicture(256, 128, grey);
    // Short side 128 to 64: half size. The crop begins at resized 36,4; in it patch (3, 10) is centred at 42,14.
    const { geometry } = preprocess(photo, cropping);
    const result = overlay(photo, oneHotPatch(3, 10), geometry, { colormap: 'viridis', opacity: 1 });
    const [x, y] = hottest(result);
    expect(Math.abs(x - 2 * (36 + 42))).toBeLessThanOrEqual(2);
    expect(Math.abs(y - 2 * (4 + 14))).toBeLessThanOrEqual(2);
  });

  test('at the centre of the hottest patch stands the highest colour, as opaque as asked for', () => {
    // Odd patch size, so that a pixel's centre falls on the patch's centre.
    const photo = plainPicture(14 * 3, 14 * 3, grey);
    const { geometry } = preprocess(photo, squashing);
    const [red, green, blue] = colormap('viridis').table.subarray(-3);
    for (const opacity of [1, 0.5]) {
      const result = overlay(photo, oneHotPatch(2, 5), geometry, { colormap: 'viridis', opacity });
      const expected = [red, green, blue].map((top) => Math.round(120 + (top - 120) * opacity));
      expect(pixel(result, 3 * 5 + 1, 3 * 2 + 1)).toEqual(expected);
    }
  });

  test('between two patch centres the heat is their mean', () => {
    const photo = plainPicture(6, 3, grey);
    const { geometry } = preprocess(photo, squashing);
    const row = (values: number[]) =>
      overlay(photo, { values, grid: [1, values.length] }, geometry, { opacity: 1 });
    // Two patches of 3 pixels, centres at pixels 1 and 4: pixel 2 is a third of the way from 0 to 1,
    // as is the middle of a patch worth 1/3 between the same extremes.
    const ramp = row([0, 1]);
    const steps = overlay(photo, { values: [0, 0, 1 / 3, 2 / 3, 1, 1], grid: [1, 6] }, geometry, {
      opacity: 1,
    });
    expect(pixelsOf(ramp)).toEqual(pixelsOf(steps));
    expect(pixel(ramp, 2, 1)).not.toEqual(pixel(ramp, 1, 1));
  });

  test('a cold place shows the photograph, a constant map nothing else', () => {
    const photo = plainPicture(40, 30, grey);
    const { geometry } = preprocess(photo, squashing);
    const constant = { values: new Float32Array(196).fill(0.7), grid: [14, 14] as const };
    expect(areSame(overlay(photo, constant, geometry), photo)).toBe(true);
    expect(pixel(overlay(photo, oneHotPatch(0, 0), geometry), 39, 29)).toEqual(grey);
  });

  test('the photograph is muted, yet keeps its hue and its brightness', () => {
    const photo = plainPicture(8, 8, [40, 160, 60]);
    const flat = { values: [1], grid: [1, 1] as const };
    const { geometry } = preprocess(photo, squashing);
    const [red, green, blue] = pixel(overlay(photo, flat, geometry), 4, 4);
    expect([red > 40, green < 160, blue > 60]).toEqual([true, true, true]);
    expect([green > blue + 40, blue > red]).toEqual([true, true]);
    const luma = (r: number, g: number, b: number) => 0.299 * r + 0.587 * g + 0.114 * b;
    expect(Math.abs(luma(red, green, blue) - luma(40, 160, 60))).toBeLessThan(1);
  });

  test('what the crop cut off is dark and colourless, behind a light line', () => {
    const photo = plainPicture(400, 200, [200, 100, 40]);
    const result = overlay(photo, oneHotPatch(7, 7), preprocess(photo, cropping).geometry);
    const [red, green, blue] = pixel(result, 20, 100);
    expect([green, blue]).toEqual([red, red]);
    expect(red).toBeLessThan(60);
    // The crop spans resized 36..92 of 128, so 112.5..287.5 here.
    expect(pixel(result, 111, 100)).toEqual([235, 235, 235]);
    expect(pixel(result, 288, 100)).toEqual([235, 235, 235]);
    expect(pixel(result, 114, 100)[0]).toBeGreaterThan(pixel(result, 114, 100)[2] + 40);
  });

  test('a squashed picture has no unseen part and no line', () => {
    const photo = plainPicture(45, 31, grey);
    const flat = { values: [1], grid: [1, 1] as const };
    const { geometry } = preprocess(photo, squashing);
    expect(areSame(overlay(photo, flat, geometry), photo)).toBe(true);
  });

  test('a diverging map keeps zero at the photograph, whatever the extremes', () => {
    const photo = plainPicture(9, 3, grey);
    const { geometry } = preprocess(photo, squashing);
    const signed = { values: [-1, 0, 4], grid: [1, 3] as const };
    const result = overlay(photo, signed, geometry, { colormap: 'rdbu_r' });
    const [red, , blue] = pixel(result, 7, 1);
    expect(red).toBeGreaterThan(blue);
    const [coldRed, , coldBlue] = pixel(result, 1, 1);
    expect(coldBlue).toBeGreaterThan(coldRed);
    for (const value of pixel(result, 4, 1)) expect(Math.abs(value - 120)).toBeLessThan(6);
  });

  describe('pixel by pixel', () => {
    // Half the resized size; the crop of 15x12 at 5,2 is 2.5 to 10 across and 1 to 7 down.
    const photo = pictureByFormula(12, 8);
    const geometry = {
      original: { width: 12, height: 8 },
      resized: { width: 24, height: 16 },
      crop: { x: 5, y: 2, width: 15, height: 12 },
    };
    const [seenAcross, seenDown] = [
      [2.5, 10],
      [1, 7],
    ] as const;
    const grid = [2, 3] as const;

    /** How far a pixel's centre is on the way over the patch centres, and not beyond the outermost. */
    const between = (pixel: number, [from, to]: readonly [number, number], patches: number): number =>
      Math.min(patches - 1, Math.max(0, ((pixel + 0.5 - from) / (to - from)) * patches - 0.5));
    const shareOf = (pixel: number, [from, to]: readonly [number, number]): number =>
      Math.max(0, Math.min(pixel + 1, to) - Math.max(pixel, from));

    /** Of a map's values, scaled to 0..1, the one at a pixel. */
    const heatAt = (values: readonly number[], x: number, y: number): number => {
      const [across, down] = [between(x, seenAcross, 3), between(y, seenDown, 2)];
      const weight = (patch: number, place: number): number => Math.max(0, 1 - Math.abs(place - patch));
      return values.reduce(
        (sum, value, i) => sum + value * weight(i % 3, across) * weight(Math.floor(i / 3), down),
        0,
      );
    };

    test.each([
      ['turbo', undefined, [0.2, 0.8, 0.5, 1.2, 0.2, 0.3], (value: number) => value - 0.2, 0.75],
      ['viridis', 1, [3, 8, 5.1, 4, 6.2, 7], (value: number) => (value - 3) / 5, 1],
      ['rdbu_r', 0.5, [-3, 1, 0, 2, -1, 2], (value: number) => (value + 3) / 6, 0.5],
    ] as const)('%s, opacity %p', (name, given, values, toUnit, opacity) => {
      const options = { colormap: name, ...(given === undefined ? {} : { opacity: given }) };
      const result = overlay(photo, { values, grid }, geometry, options);
      const { table, diverging } = colormap(name);
      pixelsOf(photo).forEach(([red, green, blue], i) => {
        const [x, y] = [i % 12, Math.floor(i / 12)];
        const isSeen = x >= 2 && x < 10 && y >= 1 && y < 7;
        const isBeside = !isSeen && x >= 1 && x < 11; // a line of one pixel all around, to the edge above and below
        const level = Math.round(255 * heatAt(values.map(toUnit), x, y));
        const alpha = opacity * (diverging ? Math.abs(level / 127.5 - 1) ** 0.6 : (level / 255) ** 0.8);
        const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
        const share = shareOf(x, seenAcross) * shareOf(y, seenDown);
        const expected = [red, green, blue].map((value, channel) => {
          const muted = 0.55 * value + 0.45 * luma;
          const warm = (1 - alpha) * muted + alpha * table[3 * level + channel];
          return Math.round((1 - share) * 0.35 * luma + share * warm);
        });
        expect({ x, y, color: pixel(result, x, y) }).toEqual({
          ...{ x, y },
          color: isBeside ? [235, 235, 235] : expected,
        });
      });
    });

    test.each([
      [[0, 0, 0], 0, 'turbo'],
      [[7, 7, 7], 0, 'turbo'],
      [[0, 0, 0], 128, 'rdbu_r'],
      [[7, 7, 7], 255, 'rdbu_r'],
      [[-7, -7, -7], 0, 'rdbu_r'],
    ] as const)('a map of %j is level %d of %s everywhere', (values, level, name) => {
      const flat = plainPicture(3, 3, grey);
      const whole = preprocess(flat, squashing).geometry;
      const result = overlay(flat, { values, grid: [1, 3] }, whole, { colormap: name, opacity: 1 });
      const { table, diverging } = colormap(name);
      const alpha = diverging ? Math.abs(level / 127.5 - 1) ** 0.6 : (level / 255) ** 0.8;
      const expected = [0, 1, 2].map((channel) =>
        Math.round((1 - alpha) * 120 + alpha * table[3 * level + channel]),
      );
      expect(pixelsOf(result)).toEqual(Array(9).fill(expected));
    });
  });

  test('the line is as thick as the picture is large, and lies outside of what was seen', () => {
    const isLine = (data: Uint8Array, at: number): boolean =>
      data.subarray(3 * at, 3 * at + 3).join() === '235,235,235';
    const drawn = (width: number, height: number, seen: Area): string[] => {
      const data = new Uint8Array(3 * width * height);
      hairline(data, width, height, seen);
      const row = (y: number): string =>
        Array.from({ length: width }, (_, x) => (isLine(data, y * width + x) ? '#' : '.')).join('');
      return Array.from({ length: height }, (_, y) => row(y));
    };
    expect(drawn(9, 7, { left: 2.2, top: 1, right: 6.1, bottom: 5 })).toEqual([
      '.#######.',
      '.#.....#.',
      '.#.....#.',
      '.#.....#.',
      '.#.....#.',
      '.#######.',
      '.........',
    ]);
    // Where the edge of the picture is that of the area there is no line.
    expect(drawn(4, 3, { left: 0, top: 0, right: 3, bottom: 3 })).toEqual(['...#', '...#', '...#']);
    expect(drawn(4, 3, { left: 1, top: 1, right: 4, bottom: 3 })).toEqual(['####', '#...', '#...']);
    const [width, height] = [1250, 750];
    const large = new Uint8Array(3 * width * height);
    hairline(large, width, height, { left: 10, top: 20, right: 30, bottom: 40 });
    const across = Array.from({ length: width }, (_, x) => x).filter((x) => isLine(large, 30 * width + x));
    const down = Array.from({ length: height }, (_, y) => y).filter((y) => isLine(large, y * width + 20));
    expect(across).toEqual([8, 9, 30, 31]);
    expect(down).toEqual([18, 19, 40, 41]);
  });

  test.each([
    [1, 1],
    [1, 2],
    [10, 10],
    [3, 700],
    [900, 1],
  ])('a picture of %dx%d is drawn at its own size', (width, height) => {
    const photo = pictureByFormula(width, height);
    const result = overlay(photo, oneHotPatch(7, 7), preprocess(photo, cropping).geometry);
    expect([result.width, result.height, result.data.length]).toEqual([width, height, width * height * 3]);
    expect(areSame(result, photo)).toBe(false);
  });

  test('what does not fit is refused', () => {
    const photo = plainPicture(4, 4, grey);
    const { geometry } = preprocess(photo, cropping);
    const map = oneHotPatch(0, 0);
    const refuses = (
      message: string,
      type: typeof ShapeError | typeof UsageError,
      draw: () => unknown,
    ): void => {
      expect(draw).toThrow(new type(message));
    };
    const tooMany = 'A map of 196 values does not fit a grid of 14x13 patches.';
    refuses(tooMany, ShapeError, () => overlay(photo, { ...map, grid: [14, 13] }, geometry));
    const none = 'overlay: the map: grid is [0, 0]; expected rows and columns, such as [14, 14].';
    refuses(none, UsageError, () => overlay(photo, { values: [], grid: [0, 0] }, geometry));
    const noColour = 'Value 1 of the map is NaN, which has no colour.';
    refuses(noColour, ShapeError, () => overlay(photo, { values: [0, NaN], grid: [1, 2] }, geometry));
    for (const [width, height] of [
      [5, 4],
      [4, 5],
    ] as const) {
      // prettier-ignore
      const another = `The geometry is that of a picture of 4x4, but the picture is ${width}x${height}.`;
      refuses(another, ShapeError, () => overlay(plainPicture(width, height, grey), map, geometry));
    }
    for (const opacity of [1.5, -0.1, NaN]) {
      const senseless = `The opacity ${opacity} makes no sense: give a number from 0 to 1.`;
      refuses(senseless, UsageError, () => overlay(photo, map, geometry, { opacity }));
    }
    const whole = preprocess(photo, squashing).geometry;
    expect(areSame(overlay(photo, map, whole, { opacity: 0 }), photo)).toBe(true);
  });
});
