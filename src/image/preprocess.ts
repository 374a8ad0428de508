import { ShapeError } from '../errors.js';
import type { Geometry } from './geometry.js';
import { originalSize, type Picture, type Size } from './picture.js';
import { resizeWindow } from './resize.js';

/** How a picture becomes a model's input. Data only, so that a model's configuration can hold one. */
export type Preprocessing = {
  /** Height and width of the input, pixels. */
  readonly size: number;
  /** Per channel, red green blue, for values in 0..1. */
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
} & (
  | {
      /** Keep the proportions: resize until the short side has `shortSide` pixels, then crop the centre. */
      readonly fit: 'crop';
      readonly shortSide: number;
    }
  | {
      /** Force the whole picture into the square; nothing is cut off, proportions are lost. */
      readonly fit: 'squash';
    }
);

/** The default of ImageNet models, and torchvision's: short side 256, centre crop 224. */
export const imagenetPreprocessing: Preprocessing = {
  fit: 'crop',
  shortSide: 256,
  size: 224,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

/** What the vit-explain script does: squash to 224x224, mean and standard deviation 0.5. */
export const vitExplainPreprocessing: Preprocessing = {
  fit: 'squash',
  size: 224,
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
};

/** What models that were trained on scenes take: the middle square of the whole picture. */
export function scenesPreprocessing(size: number): Preprocessing {
  return { fit: 'crop', shortSide: size, size, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
}

export interface Preprocessed {
  /** What the model sees, as a picture. */
  readonly crop: Picture;
  /** The model's input, normalised. [3, size, size] */
  readonly values: Float32Array<ArrayBuffer>;
  readonly geometry: Geometry;
}

/** Python's `round`: halves go to the even neighbour. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

function computeGeometry(original: Size, preprocessing: Preprocessing): Geometry {
  const { size } = preprocessing;
  if (preprocessing.fit === 'squash') {
    const resized = { width: size, height: size };
    return { original, resized, crop: { x: 0, y: 0, ...resized } };
  }
  const { shortSide } = preprocessing;
  if (shortSide < size)
    throw new ShapeError(
      `Cannot crop ${size} pixels from a short side of ${shortSide}: resize to at least ${size}.`,
    );
  const short = Math.min(original.width, original.height);
  // Multiply before dividing, then cut: torchvision's order, which decides the last pixel.
  const scaled = (side: number) => (side === short ? shortSide : Math.trunc((shortSide * side) / short));
  const resized = { width: scaled(original.width), height: scaled(original.height) };
  const offset = (side: number) => roundHalfEven((side - size) / 2);
  return {
    original,
    resized,
    crop: { x: offset(resized.width), y: offset(resized.height), width: size, height: size },
  };
}

/** Interleaved bytes to planes of `(value / 255 - mean) / std`. [3, height, width] */
export function pictureValues(
  { data, width, height }: Picture,
  mean: readonly number[],
  std: readonly number[],
): Float32Array<ArrayBuffer> {
  const pixels = width * height;
  const values = new Float32Array(3 * pixels);
  for (let channel = 0; channel < 3; channel++) {
    const ofByte = Float32Array.from(
      { length: 256 },
      (_, byte) => (byte / 255 - mean[channel]) / std[channel],
    );
    for (let i = 0; i < pixels; i++) values[channel * pixels + i] = ofByte[data[3 * i + channel]];
  }
  return values;
}

/**
 * A decoded picture of any size to a model's input: resize (Pillow's bicubic), crop, normalise.
 * Only the pixels that survive the crop are ever computed. One that was decoded smaller has the original's geometry.
 *
 * @throws ShapeError if the crop is larger than the resized short side
 * Source: torchvision `Resize`, `CenterCrop`, `ToTensor`, `Normalize` on a Pillow image.
 */
export function preprocess(
  picture: Picture,
  preprocessing: Preprocessing = imagenetPreprocessing,
): Preprocessed {
  const geometry = computeGeometry(originalSize(picture), preprocessing);
  const { resized } = geometry;
  const crop = resizeWindow(picture, resized.width, resized.height, geometry.crop);
  return { crop, values: pictureValues(crop, preprocessing.mean, preprocessing.std), geometry };
}
