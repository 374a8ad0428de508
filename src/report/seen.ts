import { resizeWindow, type Geometry, type Picture, type Size } from '../image/index.js';

/** The part of a picture that the model saw, at a size at which people see it. */
export interface SeenPicture {
  readonly picture: Picture;
  /** Of all of it: nothing was cut off. */
  readonly geometry: Geometry;
}

/** How large it is drawn for the longer side to be so long. */
export function seenSize({ crop: { width, height } }: Geometry, longest: number): Size {
  const scaled = (side: number): number =>
    Math.max(1, Math.round((longest * side) / Math.max(width, height)));
  return { width: scaled(width), height: scaled(height) };
}

/** What the model saw, drawn larger or smaller than its input is: of the picture's own pixels, on the same filter. */
export function seenPicture(picture: Picture, { resized, crop }: Geometry, size: Size): SeenPicture {
  const [across, down] = [size.width / crop.width, size.height / crop.height];
  const width = Math.max(size.width, Math.round(resized.width * across));
  const height = Math.max(size.height, Math.round(resized.height * down));
  const x = Math.min(width - size.width, Math.round(crop.x * across));
  const y = Math.min(height - size.height, Math.round(crop.y * down));
  const seen = resizeWindow(picture, width, height, { x, y, ...size });
  return { picture: seen, geometry: { original: size, resized: size, crop: { x: 0, y: 0, ...size } } };
}
