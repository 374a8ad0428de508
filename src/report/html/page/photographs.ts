import type { Geometry, Picture } from '../../../image/index.js';
import { pictureId } from '../page-data.js';
import { find, make } from './dom.js';

/** A picture as the model saw it, with where it lies in itself. */
export interface Photograph {
  readonly picture: Picture;
  readonly geometry: Geometry;
}

/** Reads the pixels of a picture of the page. */
export async function photographOf(number: number): Promise<Photograph> {
  const image = find(pictureId(number)) as HTMLImageElement;
  await image.decode();
  const [width, height] = [image.naturalWidth, image.naturalHeight];
  const canvas = make('canvas', { width: String(width), height: String(height) });
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const rgb = new Uint8Array(3 * width * height);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    rgb[to] = data[from];
    rgb[to + 1] = data[from + 1];
    rgb[to + 2] = data[from + 2];
  }
  const size = { width, height };
  return {
    picture: { ...size, data: rgb },
    geometry: { original: size, resized: size, crop: { x: 0, y: 0, ...size } },
  };
}

/** Shows a picture on a canvas, pixel by pixel. */
export function paint(canvas: HTMLCanvasElement, { width, height, data }: Picture): void {
  canvas.width = width;
  canvas.height = height;
  const rgba = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    rgba[to] = data[from];
    rgba[to + 1] = data[from + 1];
    rgba[to + 2] = data[from + 2];
  }
  canvas.getContext('2d')!.putImageData(new ImageData(rgba, width, height), 0, 0);
}
