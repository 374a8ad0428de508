import { resizeWindow, type Geometry, type Picture, type Size } from '../image/index.js';
import { once } from './once.js';

/** The part of a picture that the model saw, at a size at which people see it. */
export interface SeenPicture {
  readonly size: Size;
  /** Of all of it: nothing was cut off. */
  readonly geometry: Geometry;
  /** Drawn when it is wanted, and once. */
  readonly picture: () => Picture;
}

/** How large it is drawn for the longer side to be so long. */
function seenSize({ crop: { width, height } }: Geometry, longest: number): Size {
  const scaled = (side: number): number =>
    Math.max(1, Math.round((longest * side) / Math.max(width, height)));
  return { width: scaled(width), height: scaled(height) };
}

/** What the model saw, drawn larger or smaller than its input is: of the picture's own pixels, on the same filter. */
export function seenPicture(picture: Picture, geometry: Geometry, longest: number): SeenPicture {
  const size = seenSize(geometry, longest);
  const whole = { original: size, resized: size, crop: { x: 0, y: 0, ...size } };
  return { size, geometry: whole, picture: once(() => cut(picture, geometry, size)) };
}

function cut(picture: Picture, { resized, crop }: Geometry, size: Size): Picture {
  const [across, down] = [size.width / crop.width, size.height / crop.height];
  const width = Math.max(size.width, Math.round(resized.width * across));
  const height = Math.max(size.height, Math.round(resized.height * down));
  const x = Math.min(width - size.width, Math.round(crop.x * across));
  const y = Math.min(height - size.height, Math.round(crop.y * down));
  return resizeWindow(picture, width, height, { x, y, ...size });
}
