import { describe, expect, test } from '@jest/globals';
import { captioned, contactSheet, tileSize, type Picture } from '../../src/image/index.js';
import { pictureByFormula, plainPicture } from './pictures.js';

/** A part of a picture. */
function cut({ width, data }: Picture, left: number, top: number, size: Picture): number[] {
  return Array.from({ length: size.height }, (_, y) =>
    Array.from(data.subarray(3 * ((top + y) * width + left), 3 * ((top + y) * width + left + size.width))),
  ).flat();
}

describe('a contact sheet', () => {
  test.each([
    // A few in one row, more in about a square of an even number of columns.
    [1, 1],
    [3, 3],
    [4, 4],
    [5, 4],
    [12, 4],
    [17, 6],
    [128, 12],
  ])('of %d tiles has %d columns', (count, columns) => {
    const tile = { picture: pictureByFormula(100, 10), caption: 'a' };
    const sheet = contactSheet(Array<typeof tile>(count).fill(tile));
    const { height } = captioned(tile.picture, 'a');
    expect(sheet.width).toBe(8 + columns * (100 + 8));
    expect(sheet.height).toBe(8 + Math.ceil(count / columns) * (height + 8));
  });

  test('has each picture with its caption at its place, the rows as high as their longest captions', () => {
    const captions = ['one', 'two', 'three', 'four', 'a longer one that takes several lines', 'six'];
    const tiles = captions.map((caption, i) => ({ caption, picture: plainPicture(100, 7, [i, 2 * i, 3 * i]) }));
    const sheet = contactSheet(tiles);
    const cells = tiles.map(({ picture, caption }) => captioned(picture, caption));
    const second = 8 + cells[0].height + 8;
    cells.forEach((cell, i) => {
      const [left, top] = [8 + (i % 4) * 108, i < 4 ? 8 : second];
      expect(cut(sheet, left, top, cell)).toEqual(Array.from(cell.data));
    });
    expect(sheet.height).toBe(second + cells[4].height + 8);
    // Nothing but paper between.
    expect(new Set(cut(sheet, 108, 0, { ...sheet, width: 8 }))).toEqual(new Set([245]));
  }); // prettier-ignore

  test('gives a caption room below a picture that is narrow', () => {
    const sheet = contactSheet([{ picture: plainPicture(3, 5, [1, 2, 3]), caption: 'block 11, head 2' }]);
    expect([sheet.width, sheet.height]).toEqual([8 + 96 + 8, 8 + 5 + 17 + 11 + 8]);
    expect(cut(sheet, 8, 8, { ...sheet, width: 3, height: 5 })).toEqual(Array(15).fill([1, 2, 3]).flat());
  });

  test.each([
    // As large as it is, unless there is no room, or nothing could be seen.
    [{ width: 451, height: 300 }, 1, { width: 451, height: 300 }],
    [{ width: 451, height: 300 }, 12, { width: 390, height: 259 }],
    [{ width: 4000, height: 2000 }, 1, { width: 1584, height: 792 }],
    [{ width: 2000, height: 4000 }, 2, { width: 394, height: 788 }],
    [{ width: 10, height: 10 }, 1, { width: 96, height: 96 }],
    [{ width: 1, height: 5000 }, 1, { width: 1, height: 1584 }],
  ])('%j, one of %d, is drawn as %j', (picture, count, size) => {
    expect(tileSize(picture, count)).toEqual(size);
  });
});
