import { describe, expect, test } from '@jest/globals';
import {
  composed,
  density,
  inRow,
  ofPicture,
  ofShapes,
  picturesOf,
  seenPicture,
  seenSize,
  setText,
  stacked,
  svgOf,
  withMargin,
} from '../../src/report/index.js';
import { preprocess } from '../../src/image/index.js';
import { encodeDrawing, encodePng, rasterise } from '../../src/node/index.js';
import { pictureByFormula, plainPicture } from '../image/pictures.js';
import { photograph } from './samples.js';
import sharp from 'sharp';

const red = ofShapes({ width: 10, height: 5 }, '<rect width="10" height="5" fill="#ff0000"/>');

function colourAt({ data, width }: { data: Uint8Array; width: number }, x: number, y: number): number[] {
  return Array.from(data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3));
}

describe('a drawing', () => {
  test('has pictures as they are, pixel by pixel, and shapes above them', async () => {
    const picture = pictureByFormula(30, 20);
    const drawn = await rasterise(withMargin(ofPicture(picture), 4));
    expect([drawn.width, drawn.height]).toEqual([30 + 16, 20 + 16]);
    for (let y = 0; y < 20; y++) {
      for (let x = 0; x < 30; x++) expect(colourAt(drawn, 8 + x, 8 + y)).toEqual(colourAt(picture, x, y));
    }
    expect(colourAt(drawn, 7, 7)).toEqual([245, 245, 245]);
    const covered = await rasterise(
      composed({ width: 15, height: 10 }, [
        { drawing: ofPicture(picture), left: 0, top: 0 },
        { drawing: red, left: 5, top: 5 },
      ]),
    );
    expect(colourAt(covered, 10, 10)).toEqual([255, 0, 0]);
    expect(colourAt(covered, 29, 19)).toEqual([255, 0, 0]);
    expect(colourAt(covered, 9, 10)).toEqual(colourAt(picture, 9, 10));
    expect(colourAt(covered, 10, 9)).toEqual(colourAt(picture, 10, 9));
  });

  test('side by side, or one below the other, with a gap', async () => {
    const [a, b] = [ofPicture(plainPicture(6, 4, [1, 2, 3])), ofPicture(plainPicture(8, 2, [4, 5, 6]))];
    const row = inRow([a, b], 2);
    expect([row.width, row.height]).toEqual([3 + 2 + 4, 2]);
    expect(row.pictures.map(({ left, top }) => [left, top])).toEqual([[0, 0], [5, 0]]); // prettier-ignore
    const column = stacked([a, b, red], 2);
    expect([column.width, column.height]).toEqual([10, 2 + 2 + 1 + 2 + 5]);
    expect(column.pictures.map(({ left, top }) => [left, top])).toEqual([[0, 0], [0, 4]]); // prettier-ignore
    expect(colourAt(await rasterise(column), 0, density * 7)).toEqual([255, 0, 0]);
    expect([stacked([], 3), inRow([], 3)].map(({ width, height }) => [width, height])).toEqual([[0, 0], [0, 0]]); // prettier-ignore
  });

  test('lies on whole dots, wherever its parts come to lie', () => {
    const part = ofPicture(plainPicture(2, 2, [0, 0, 0]));
    const [{ left, top }] = composed({ width: 9.3, height: 9.1 }, [
      { drawing: part, left: 3.3, top: 1.2 },
    ]).pictures;
    expect([left, top]).toEqual([3.5, 1]);
    const { width, height } = composed({ width: 9.3, height: 9.1 }, []);
    expect([width, height]).toEqual([9.5, 9.5]);
  });

  test('as a document of SVG shows the same, with pictures by their addresses', async () => {
    const picture = photograph(40, 30);
    const words = ofShapes({ width: 60, height: 20 }, setText('<Hg> & "x"', { x: 2, y: 14, size: 12 }));
    const drawing = stacked([ofPicture(picture), words], 2);
    const address = (one: typeof picture): string =>
      `data:image/png;base64,${Buffer.from(encodePng(one)).toString('base64')}`;
    const svg = svgOf(drawing, address);
    expect(svg).toContain('aria-label="&lt;Hg&gt; &amp; &quot;x&quot;"');
    const { data } = await sharp(Buffer.from(svg), { density: 144 })
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const drawn = await rasterise(drawing);
    const apart = drawn.data.map((value, i) => Math.abs(value - data[i]));
    expect(data).toHaveLength(drawn.data.length);
    expect(apart.reduce((sum, value) => sum + value, 0) / apart.length).toBeLessThan(0.5);
    expect(svgOf(drawing)).not.toContain('<image');
  });

  test('as PNG is the picture that it is drawn as', async () => {
    for (const drawing of [withMargin(red, 3), ofPicture(pictureByFormula(7, 5))]) {
      const { data } = await sharp(await encodeDrawing(drawing))
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect([...data]).toEqual([...(await rasterise(drawing)).data]);
    }
    expect([...picturesOf(ofPicture(pictureByFormula(7, 5))).data].slice(0, 105)).toHaveLength(105);
  });
});

describe('what the model saw', () => {
  test('at the size of its input is the input', () => {
    for (const picture of [
      photograph(300, 200),
      photograph(100, 333),
      photograph(224, 224),
      photograph(5, 9),
    ]) {
      const { crop, geometry } = preprocess(picture);
      const seen = seenPicture(picture, geometry, seenSize(geometry, 224));
      expect(seen.picture).toEqual(crop);
      expect(seen.geometry.crop).toEqual({ x: 0, y: 0, width: 224, height: 224 });
    }
  });

  test('larger shows the same, in the form of the input', () => {
    const { crop, geometry } = preprocess(photograph(300, 200));
    const { picture } = seenPicture(photograph(300, 200), geometry, seenSize(geometry, 448));
    expect([picture.width, picture.height]).toEqual([448, 448]);
    for (const [x, y] of [
      [3, 3],
      [100, 30],
      [210, 200],
    ]) {
      // prettier-ignore
      const [large, small] = [colourAt(picture, 2 * x, 2 * y), colourAt(crop, x, y)];
      for (const channel of [0, 1, 2]) expect(Math.abs(large[channel] - small[channel])).toBeLessThan(4);
    }
    expect(seenSize({ ...geometry, crop: { x: 0, y: 0, width: 100, height: 400 } }, 200)).toEqual({
      width: 50,
      height: 200,
    });
  });
});
