import { describe, expect, test } from '@jest/globals';
import { ShapeError, UsageError } from '../../src/errors.js';
import { colormap } from '../../src/image/colormap.js';
import type { Picture } from '../../src/image/picture.js';
import { overlay } from '../../src/image/overlay.js';
import { preprocess, vitExplainPreprocessing } from '../../src/image/preprocess.js';
import { pictureByFormula, pixelsOf, plainPicture } from './pictures.js';

const grey = [120, 120, 120];

/** Heat 1 at one patch of a 14x14 grid, 0 elsewhere. */
function oneHotPatch(row: number, column: number) {
  const values = new Float32Array(196);
  values[row * 14 + column] = 1;
  return { values, grid: [14, 14] as const };
}

function pixel(picture: Picture, x: number, y: number): number[] {
  return pixelsOf(picture)[y * picture.width + x];
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
    const photo = plainPicture(1024, 512, grey);
    // Short side 512 to 256: half size. The crop begins at resized 144,16; patch (3, 10) is centred at 168,56.
    const { geometry } = preprocess(photo);
    const result = overlay(photo, oneHotPatch(3, 10), geometry, { colormap: 'viridis', opacity: 1 });
    const [x, y] = hottest(result);
    expect(Math.abs(x - 2 * (144 + 168))).toBeLessThanOrEqual(2);
    expect(Math.abs(y - 2 * (16 + 56))).toBeLessThanOrEqual(2);
  });

  test('at the centre of the hottest patch stands the highest colour, as opaque as asked for', () => {
    // Odd patch size, so that a pixel's centre falls on the patch's centre.
    const photo = plainPicture(14 * 3, 14 * 3, grey);
    const { geometry } = preprocess(photo, vitExplainPreprocessing);
    const [red, green, blue] = colormap('viridis').table.subarray(-3);
    for (const opacity of [1, 0.5]) {
      const result = overlay(photo, oneHotPatch(2, 5), geometry, { colormap: 'viridis', opacity });
      const expected = [red, green, blue].map((top) => Math.round(120 + (top - 120) * opacity));
      expect(pixel(result, 3 * 5 + 1, 3 * 2 + 1)).toEqual(expected);
    }
  });

  test('between two patch centres the heat is their mean', () => {
    const photo = plainPicture(6, 3, grey);
    const { geometry } = preprocess(photo, vitExplainPreprocessing);
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
    const { geometry } = preprocess(photo, vitExplainPreprocessing);
    const constant = { values: new Float32Array(196).fill(0.7), grid: [14, 14] as const };
    expect(overlay(photo, constant, geometry)).toEqual(photo);
    expect(pixel(overlay(photo, oneHotPatch(0, 0), geometry), 39, 29)).toEqual(grey);
  });

  test('the photograph is muted, yet keeps its hue and its brightness', () => {
    const photo = plainPicture(8, 8, [40, 160, 60]);
    const flat = { values: [1], grid: [1, 1] as const };
    const { geometry } = preprocess(photo, vitExplainPreprocessing);
    const [red, green, blue] = pixel(overlay(photo, flat, geometry), 4, 4);
    expect([red > 40, green < 160, blue > 60]).toEqual([true, true, true]);
    expect([green > blue + 40, blue > red]).toEqual([true, true]);
    const luma = (r: number, g: number, b: number) => 0.299 * r + 0.587 * g + 0.114 * b;
    expect(Math.abs(luma(red, green, blue) - luma(40, 160, 60))).toBeLessThan(1);
  });

  test('what the crop cut off is dark and colourless, behind a light line', () => {
    const photo = plainPicture(400, 200, [200, 100, 40]);
    const result = overlay(photo, oneHotPatch(7, 7), preprocess(photo).geometry);
    const [red, green, blue] = pixel(result, 20, 100);
    expect([green, blue]).toEqual([red, red]);
    expect(red).toBeLessThan(60);
    // The crop spans resized 144..368 of 512, so 112.5..287.5 here.
    expect(pixel(result, 111, 100)).toEqual([235, 235, 235]);
    expect(pixel(result, 288, 100)).toEqual([235, 235, 235]);
    expect(pixel(result, 114, 100)[0]).toBeGreaterThan(pixel(result, 114, 100)[2] + 40);
  });

  test('a squashed picture has no unseen part and no line', () => {
    const photo = plainPicture(451, 300, grey);
    const flat = { values: [1], grid: [1, 1] as const };
    expect(overlay(photo, flat, preprocess(photo, vitExplainPreprocessing).geometry)).toEqual(photo);
  });

  test('a diverging map keeps zero at the photograph, whatever the extremes', () => {
    const photo = plainPicture(9, 3, grey);
    const { geometry } = preprocess(photo, vitExplainPreprocessing);
    const signed = { values: [-1, 0, 4], grid: [1, 3] as const };
    const result = overlay(photo, signed, geometry, { colormap: 'rdbu_r' });
    const [red, , blue] = pixel(result, 7, 1);
    expect(red).toBeGreaterThan(blue);
    const [coldRed, , coldBlue] = pixel(result, 1, 1);
    expect(coldBlue).toBeGreaterThan(coldRed);
    for (const value of pixel(result, 4, 1)) expect(Math.abs(value - 120)).toBeLessThan(6);
  });

  test.each([
    [1, 1],
    [1, 2],
    [10, 10],
    [3, 700],
    [900, 1],
  ])('a picture of %dx%d is drawn at its own size', (width, height) => {
    const photo = pictureByFormula(width, height);
    const result = overlay(photo, oneHotPatch(7, 7), preprocess(photo).geometry);
    expect([result.width, result.height, result.data.length]).toEqual([width, height, width * height * 3]);
    expect(result).not.toEqual(photo);
  });

  test('what does not fit is refused', () => {
    const photo = plainPicture(4, 4, grey);
    const { geometry } = preprocess(photo);
    const map = oneHotPatch(0, 0);
    expect(() => overlay(photo, { ...map, grid: [14, 13] }, geometry)).toThrow(ShapeError);
    expect(() => overlay(photo, { values: [], grid: [0, 0] }, geometry)).toThrow(ShapeError);
    expect(() => overlay(photo, { values: [0, NaN], grid: [1, 2] }, geometry)).toThrow(
      'Value 1 of the map is NaN, which has no colour.',
    );
    expect(() => overlay(plainPicture(5, 4, grey), map, geometry)).toThrow(
      /picture of 4x4, but the picture is 5x4/,
    );
    expect(() => overlay(photo, map, geometry, { opacity: 1.5 })).toThrow(UsageError);
  });
});
