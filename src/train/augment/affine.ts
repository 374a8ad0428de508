import type { Picture } from '../../image/index.js';

/** Where a pixel of the result comes from: `x' = a x + b y + c`, `y' = d x + e y + f`. */
export type AffineMap = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** 16 bits behind the point, as Pillow counts places. */
const ONE = 2 ** 16;

/**
 * A picture of the same size whose pixels are the nearest ones at the places that the map says; black where there are none.
 * Source: Pillow's `Image.transform(size, AFFINE, map, NEAREST)`, bit for bit.
 */
export function transformed({ data, width, height }: Picture, [a, b, c, d, e, f]: AffineMap): Picture {
  const result = new Uint8Array(data.length);
  const [stepX, stepY] = [fixed(a), fixed(d)];
  for (let y = 0; y < height; y++) {
    // A pixel lies half a pixel behind its number.
    let fromX = fixed(c + a * 0.5 + b * 0.5) + y * fixed(b);
    let fromY = fixed(f + d * 0.5 + e * 0.5) + y * fixed(e);
    for (let x = 0; x < width; x++, fromX += stepX, fromY += stepY) {
      const [column, row] = [Math.floor(fromX / ONE), Math.floor(fromY / ONE)];
      if (column < 0 || column >= width || row < 0 || row >= height) continue;
      const from = 3 * (row * width + column);
      const to = 3 * (y * width + x);
      for (let channel = 0; channel < 3; channel++) result[to + channel] = data[from + channel];
    }
  }
  return { data: result, width, height };
}

function fixed(value: number): number {
  return Math.floor(value * ONE + 0.5);
}

/** @param slope pixels to the side for each pixel down */
export function shearedX(picture: Picture, slope: number): Picture {
  return transformed(picture, [1, slope, 0, 0, 1, 0]);
}

/** @param slope pixels down for each pixel to the side */
export function shearedY(picture: Picture, slope: number): Picture {
  return transformed(picture, [1, 0, 0, slope, 1, 0]);
}

/** @param pixels to the right; the fraction is cut off */
export function movedX(picture: Picture, pixels: number): Picture {
  return transformed(picture, [1, 0, -Math.trunc(pixels), 0, 1, 0]);
}

/** @param pixels down; the fraction is cut off */
export function movedY(picture: Picture, pixels: number): Picture {
  return transformed(picture, [1, 0, 0, 0, 1, -Math.trunc(pixels)]);
}

/** Around the middle. @param degrees against the clock */
export function rotated(picture: Picture, degrees: number): Picture {
  const angle = (-(((degrees % 360) + 360) % 360) * Math.PI) / 180;
  const [cosine, sine] = [rounded(Math.cos(angle)), rounded(Math.sin(angle))];
  const [x, y] = [picture.width / 2, picture.height / 2];
  return transformed(picture, [
    cosine,
    sine,
    x - cosine * x - sine * y,
    -sine,
    cosine,
    y + sine * x - cosine * y,
  ]);
}

/** To 15 digits behind the point: a quarter turn is one. */
function rounded(value: number): number {
  return Number(value.toFixed(15));
}
