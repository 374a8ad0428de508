import type { Picture } from '../../image/picture.js';
import { density, picturesOf, svgOf, type Drawing } from '../../report/drawing.js';
import { encodePng } from './encode-png.js';

/** A drawing as a picture: its shapes over its pictures, which stay as they are, pixel by pixel, where no shape is. */
export async function rasterise(drawing: Drawing): Promise<Picture> {
  const shapes = drawing.shapes === '' ? undefined : drawShapes(drawing);
  // What is drawn here meanwhile must not hide that those failed.
  shapes?.catch(() => undefined);
  const picture = picturesOf(drawing);
  if (shapes) lay(picture, await shapes);
  return picture;
}

/** A drawing as PNG. */
export async function encodeDrawing(drawing: Drawing): Promise<Uint8Array> {
  return encodePng(await rasterise(drawing));
}

/** Red, green, blue and alpha, which is straight. */
async function drawShapes(drawing: Drawing): Promise<Uint8Array> {
  // Loaded only when wanted, as for pictures that are read.
  const { default: sharp } = await import('sharp');
  return sharp(Buffer.from(svgOf(drawing)), { density: 72 * density, limitInputPixels: false })
    .ensureAlpha()
    .raw()
    .toBuffer();
}

/** Most of what lies above is transparent. */
function lay({ data }: Picture, above: Uint8Array): void {
  for (let from = 0, to = 0; from < above.length; from += 4, to += 3) {
    const alpha = above[from + 3];
    if (alpha === 0) continue;
    for (let channel = 0; channel < 3; channel++) {
      const [below, on] = [data[to + channel], above[from + channel]];
      // Storing cuts the fraction off.
      data[to + channel] = below + ((on - below) * alpha) / 255 + 0.5;
    }
  }
}
