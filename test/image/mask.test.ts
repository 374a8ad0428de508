import { expect, test } from '@jest/globals';
import { isInside, maskOfPicture } from '../../src/image/mask.js';

test('a grey picture is a mask, black 0 and white 1; colours count by their mean', () => {
  const data = Uint8Array.from([0, 0, 0, 255, 255, 255, 51, 51, 51, 255, 0, 0, 0, 255, 127, 0, 0, 255]);
  const mask = maskOfPicture({ width: 3, height: 2, data });
  expect([mask.width, mask.height]).toEqual([3, 2]);
  const expected = [0, 1, 0.2, 1 / 3, (255 + 127) / 765, 1 / 3];
  expected.forEach((value, i) => {
    expect(mask.values[i]).toBeCloseTo(value, 12);
  });
});

test('of a soft edge the half that is more object than surroundings is inside', () => {
  const mask = { width: 4, height: 1, values: [0, 0.49, 0.5, 1] };
  expect([0, 1, 2, 3].map((pixel) => isInside(mask, pixel))).toEqual([false, false, true, true]);
});
