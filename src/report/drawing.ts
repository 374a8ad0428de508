import type { Picture, Size } from '../image/index.js';
import { aNumber, expectParts, type Expectation } from '../given.js';
import { attributes, rectangle } from '../svg.js';
import { fillShape } from './fill.js';
import { once } from './once.js';
import { blank, paper, place } from './paper.js';
import { moved, svgOfShape, type DrawnShape } from './shapes.js';

/**
 * What people look at: pictures on paper, and shapes above them. Its unit is what a screen shows as a pixel; it is drawn with
 * `density` dots for each.
 */
export interface Drawing extends Size {
  readonly pictures: readonly PlacedPicture[];
  readonly shapes: readonly DrawnShape[];
}

/** A picture on a drawing, which has `density` pixels for each unit. */
export interface PlacedPicture extends Size {
  /** Drawn when it is wanted, and once. */
  readonly picture: () => Picture;
  readonly left: number;
  readonly top: number;
}

/** Dots for each unit: crisp on the screens of today. */
export const density = 2;

/** A drawing that is a picture and nothing else. */
export function ofPicture(picture: Picture): Drawing {
  return ofPictureLater(picture, () => picture);
}

/**
 * The same of one that is made when it is wanted.
 * @param pixels how large it will be
 */
export function ofPictureLater(pixels: Size, make: () => Picture): Drawing {
  const size = { width: pixels.width / density, height: pixels.height / density };
  return { ...size, pictures: [{ ...size, left: 0, top: 0, picture: once(make) }], shapes: [] };
}

/** Shapes without pictures. */
export function ofShapes(size: Size, shapes: readonly DrawnShape[]): Drawing {
  return { width: size.width, height: size.height, pictures: [], shapes };
}

/** A drawing at its place on a larger one. */
export interface PlacedDrawing {
  readonly drawing: Drawing;
  readonly left: number;
  readonly top: number;
}

/** Drawings on a sheet of a size. */
export function composed(size: Size, parts: readonly PlacedDrawing[]): Drawing {
  const snapped = (length: number): number => Math.round(length * density) / density;
  const roundedUp = (length: number): number => Math.ceil(length * density) / density;
  const placed = parts.map(({ drawing, left, top }) => ({ drawing, left: snapped(left), top: snapped(top) }));
  return {
    width: roundedUp(size.width),
    height: roundedUp(size.height),
    pictures: placed.flatMap(({ drawing: { pictures }, left, top }) =>
      pictures.map((one) => ({ ...one, left: left + one.left, top: top + one.top })),
    ),
    shapes: placed.flatMap(({ drawing: { shapes }, left, top }) =>
      shapes.map((one) => moved(one, left, top)),
    ),
  };
}

/** Drawings one below the other, with a gap between. */
export function stacked(parts: readonly Drawing[], gap: number): Drawing {
  let top = -gap;
  const placed = parts.map((drawing) => {
    top += gap;
    const place = { drawing, left: 0, top };
    top += drawing.height;
    return place;
  });
  return composed(
    { width: Math.max(0, ...parts.map(({ width }) => width)), height: Math.max(0, top) },
    placed,
  );
}

/** Drawings side by side, with a gap between. */
export function inRow(parts: readonly Drawing[], gap: number): Drawing {
  let left = -gap;
  const placed = parts.map((drawing) => {
    left += gap;
    const place = { drawing, left, top: 0 };
    left += drawing.width;
    return place;
  });
  return composed(
    { width: Math.max(0, left), height: Math.max(0, ...parts.map(({ height }) => height)) },
    placed,
  );
}

/** With paper around it. */
export function withMargin(drawing: Drawing, margin: number): Drawing {
  const size = { width: drawing.width + 2 * margin, height: drawing.height + 2 * margin };
  return composed(size, [{ drawing, left: margin, top: margin }]);
}

const aList: Expectation<readonly unknown[]> = {
  words: 'a list',
  fits: (value): value is readonly unknown[] => Array.isArray(value),
};
const drawingParts = { width: aNumber, height: aNumber, pictures: aList, shapes: aList };

/**
 * A drawing as a picture, `density` pixels for each unit: pictures stay as they are, pixel by pixel, where no shape is above them.
 * The same everywhere, since no font and no library that draws is asked.
 */
export function rasterise(drawing: Drawing): Picture {
  expectParts('rasterise: the drawing', drawing, drawingParts);
  const { width, height, pictures, shapes } = drawing;
  const result = blank({ width: width * density, height: height * density });
  for (const { picture, left, top } of pictures) place(result, picture(), left * density, top * density);
  for (const shape of shapes) fillShape(result, shape, density);
  return result;
}

/** How a picture is written into a document of SVG: as an address, such as `data:image/png;base64,…`. */
export type AddressOf = (picture: Picture) => string;

/** A drawing as a document of SVG, which shows the same. */
export function svgOf({ width, height, pictures, shapes }: Drawing, addressOf: AddressOf): string {
  const elements = [
    rectangle({ width, height, fill: `rgb(${[paper, paper, paper].join(' ')})` }),
    ...pictures.map(({ picture, left: x, top: y, width: across, height: down }) => {
      return `<image ${attributes({ x, y, width: across, height: down, href: addressOf(picture()) })}/>`;
    }),
    ...shapes.map(svgOfShape),
  ];
  const box = { width, height, viewBox: `0 0 ${width} ${height}` };
  return `<svg ${attributes({ xmlns: 'http://www.w3.org/2000/svg', ...box })}>${elements.join('')}</svg>\n`;
}
