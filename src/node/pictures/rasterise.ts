import type { Sharp } from 'sharp';
import type { Picture } from '../../image/picture.js';
import { encodePng } from './encode-png.js';
import { density, picturesOf, svgOf, type Drawing } from '../../report/drawing.js';

/** A drawing as a picture. */
export async function rasterise(drawing: Drawing): Promise<Picture> {
  const { data, info } = await (await laidOn(drawing)).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

/** A drawing as PNG: 8-bit RGB, losslessly compressed. */
export async function encodeDrawing(drawing: Drawing): Promise<Uint8Array> {
  if (drawing.shapes === '') return encodePng(picturesOf(drawing));
  return (await laidOn(drawing)).png({ compressionLevel: 6 }).toBuffer();
}

/** Shapes over pictures, which stay as they are, pixel by pixel, where no shape is. */
async function laidOn(drawing: Drawing): Promise<Sharp> {
  // Loaded only when wanted, as for pictures that are read.
  const { default: sharp } = await import('sharp');
  const { width, height, data } = picturesOf(drawing);
  const shapes = Buffer.from(svgOf(drawing));
  return sharp(data, { raw: { width, height, channels: 3 } })
    .composite([{ input: shapes, density: 72 * density, limitInputPixels: false }])
    .removeAlpha();
}
