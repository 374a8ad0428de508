import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import {
  composed,
  density,
  disc,
  inRow,
  line,
  ofPicture,
  ofPictureLater,
  ofShapes,
  rasterise,
  rectangle,
  seenPicture,
  setText,
  stacked,
  svgOf,
  withMargin,
  type DrawnShape,
} from '../../src/report/index.js';
import { preprocess, type Picture } from '../../src/image/index.js';
import { encodePng } from '../../src/node/index.js';
import { areSame, pictureByFormula, plainPicture } from '../image/pictures.js';
import { generator, seed } from '../support/random.js';
import { photograph } from './samples.js';

const red = ofShapes({ width: 10, height: 5 }, [rectangle(0, 0, 10, 5, '#ff0000')]);

function colourAt({ data, width }: Picture, x: number, y: number): number[] {
  return Array.from(data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3));
}

const address = (picture: Picture): string =>
  `data:image/png;base64,${Buffer.from(encodePng(picture)).toString('base64')}`;

/** What a library that draws SVG makes of the document. */
async function drawnByLibrary(svg: string): Promise<Uint8Array> {
  return sharp(Buffer.from(svg), { density: 72 * density })
    .removeAlpha()
    .raw()
    .toBuffer();
}

function apart(a: Uint8Array, b: Uint8Array): { mean: number; most: number } {
  expect(a).toHaveLength(b.length);
  const each = Array.from(a, (value, i) => Math.abs(value - b[i]));
  return {
    mean: each.reduce((sum, one) => sum + one, 0) / a.length,
    most: each.reduce((x, y) => Math.max(x, y), 0),
  };
}

describe('a drawing', () => {
  test('has pictures as they are, pixel by pixel, and shapes above them', () => {
    const picture = pictureByFormula(30, 20);
    const drawn = rasterise(withMargin(ofPicture(picture), 4));
    expect([drawn.width, drawn.height]).toEqual([30 + 16, 20 + 16]);
    for (let y = 0; y < 20; y++) {
      for (let x = 0; x < 30; x++) expect(colourAt(drawn, 8 + x, 8 + y)).toEqual(colourAt(picture, x, y));
    }
    expect(colourAt(drawn, 7, 7)).toEqual([245, 245, 245]);
    const covered = rasterise(
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

  test('makes a picture when it is wanted, and once', () => {
    let times = 0;
    const drawing = withMargin(
      ofPictureLater({ width: 4, height: 2 }, () => {
        times++;
        return plainPicture(4, 2, [1, 2, 3]);
      }),
      1,
    );
    expect([drawing.width, drawing.height, times]).toEqual([4, 3, 0]);
    expect(areSame(rasterise(drawing), rasterise(drawing))).toBe(true);
    expect(times).toBe(1);
  });

  test('side by side, or one below the other, with a gap', () => {
    const [a, b] = [ofPicture(plainPicture(6, 4, [1, 2, 3])), ofPicture(plainPicture(8, 2, [4, 5, 6]))];
    const row = inRow([a, b], 2);
    expect([row.width, row.height]).toEqual([3 + 2 + 4, 2]);
    expect(row.pictures.map(({ left, top }) => [left, top])).toEqual([[0, 0], [5, 0]]); // prettier-ignore
    const column = stacked([a, b, red], 2);
    expect([column.width, column.height]).toEqual([10, 2 + 2 + 1 + 2 + 5]);
    expect(column.pictures.map(({ left, top }) => [left, top])).toEqual([[0, 0], [0, 4]]); // prettier-ignore
    expect(colourAt(rasterise(column), 0, density * 7)).toEqual([255, 0, 0]);
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

  test('as a document of SVG shows the same, as a library draws it', async () => {
    const words = ofShapes({ width: 60, height: 20 }, [setText('<Hg> & "x"', { x: 2, y: 14, size: 12 })]);
    const drawing = stacked([ofPicture(photograph(40, 30)), words], 2);
    const svg = svgOf(drawing, address);
    expect(svg).toContain('aria-label="&lt;Hg&gt; &amp; &quot;x&quot;"');
    expect(apart(rasterise(drawing).data, await drawnByLibrary(svg)).mean).toBeLessThan(0.5);
  });
});

describe(`shapes (seed ${seed})`, () => {
  const random = generator();
  const size = { width: 80, height: 60 };
  const point = (): [number, number] => [90 * random() - 5, 70 * random() - 5];
  const colours = ['#c2410c', '#1d4ed8', '#000000'];

  test.each<[string, () => DrawnShape]>([
    ['rectangles', () => rectangle(...point(), 1 + 30 * random(), 1 + 30 * random(), colours[0])],
    ['discs', () => disc(...point(), 1 + 20 * random(), colours[2])],
    ['lines', () => line([point(), point()], 0.5 + 6 * random(), colours[1])],
    [
      'texts',
      () =>
        setText('Größe 0.5 % 猫 äß', { x: 70 * random() - 10, y: 60 * random(), size: 6 + 20 * random() }),
    ],
  ])('%s are filled as a library fills them, also where they reach beyond the edge', async (_, shape) => {
    for (let i = 0; i < 5; i++) {
      const drawing = ofShapes(size, [shape()]);
      const { mean, most } = apart(rasterise(drawing).data, await drawnByLibrary(svgOf(drawing, address)));
      // Its edges are levels of its own sampling; what is inside and outside is the same.
      expect(mean).toBeLessThan(0.6);
      expect(most).toBeLessThan(60);
    }
  });

  test('that are discs have the area of a circle, and its shape', () => {
    const [radius, middle] = [9, 12.25];
    const drawn = rasterise(ofShapes({ width: 26, height: 26 }, [disc(middle, middle, radius, '#000000')]));
    let [area, outside] = [0, 0];
    for (let i = 0; i < drawn.width * drawn.height; i++) {
      const share = (1 - drawn.data[3 * i] / 245) / density ** 2;
      const [x, y] = [((i % drawn.width) + 0.5) / density, (Math.floor(i / drawn.width) + 0.5) / density];
      area += share;
      if (Math.hypot(x - middle, y - middle) > radius + 1 / density) outside += share;
    }
    expect(area / (Math.PI * radius ** 2)).toBeCloseTo(1, 2);
    expect(outside).toBe(0);
  });

  test('cover pixels by how much of them they cover', () => {
    const drawn = rasterise(ofShapes({ width: 3, height: 2 }, [rectangle(0.25, 0.5, 1.12, 1, '#000000')]));
    const share = (x: number, y: number): number => 1 - colourAt(drawn, x, y)[0] / 245;
    // In dots it reaches from 0.5 to 2.74, and from 1 to 3.
    expect([0, 1, 2, 3].map((x) => share(x, 1))).toEqual(
      [0.5, 1, 0.74, 0].map((each) => expect.closeTo(each, 2)),
    );
    expect([0, 1, 2, 3].map((y) => share(1, y))).toEqual([0, 1, 1, 0].map((each) => expect.closeTo(each, 2)));
  });

  test('of many points are a line without gaps', () => {
    const drawing = ofShapes({ width: 20, height: 20 }, [line([[2, 2], [18, 2], [18, 18]], 2, '#000000')]); // prettier-ignore
    const drawn = rasterise(drawing);
    for (const [x, y] of [
      [4, 4],
      [20, 4],
      [35, 4],
      [36, 3],
      [36, 20],
      [36, 35],
    ])
      // prettier-ignore
      expect(colourAt(drawn, x, y)).toEqual([0, 0, 0]);
    expect(colourAt(drawn, 10, 20)).toEqual([245, 245, 245]);
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
      const seen = seenPicture(picture, geometry, 224);
      expect(areSame(seen.picture(), crop)).toBe(true);
      expect(seen.geometry.crop).toEqual({ x: 0, y: 0, width: 224, height: 224 });
    }
  });

  test('larger shows the same, in the form of the input', () => {
    const { crop, geometry } = preprocess(photograph(300, 200));
    const picture = seenPicture(photograph(300, 200), geometry, 448).picture();
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
    const oblong = { ...geometry, crop: { x: 0, y: 0, width: 100, height: 200 } };
    expect(seenPicture(photograph(300, 200), oblong, 200).size).toEqual({ width: 100, height: 200 });
  });
});
