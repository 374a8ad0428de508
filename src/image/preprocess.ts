import { ShapeError } from '../errors.js';
import {
  aNumber,
  expectGiven,
  expectParts,
  oneOf,
  optional,
  wholeNumber,
  type Expectation,
} from '../given.js';
import type { Geometry } from './geometry.js';
import { checkPicture } from './given.js';
import { luminance } from './luminance.js';
import { originalSize, type Picture, type Size } from './picture.js';
import { resizeWindow } from './resize.js';
import type { Interpolation } from './taps.js';

/** Height and width, pixels; one number if they are equal. */
export type InputSize = number | readonly [height: number, width: number];

/** How a picture becomes a model's input. Data only, so that a model's configuration can hold one. */
export type Preprocessing = {
  readonly size: InputSize;
  /** For values in 0..1, one each for red, green and blue; one alone for a model that sees luminance. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** How pixels between pixels are made; bicubic if left out. */
  readonly interpolation?: Interpolation;
} & (
  | {
      /** Keep the proportions: resize until the short side has `shortSide` pixels, then crop the centre. */
      readonly fit: 'crop';
      readonly shortSide: number;
    }
  | {
      /** Keep the proportions: resize until `cover` is covered, then crop the centre. */
      readonly fit: 'cover';
      readonly cover: readonly [height: number, width: number];
    }
  | {
      /**
       * Force the whole picture into `resized`, by default the input's size, then crop the centre: proportions are lost.
       */
      readonly fit: 'squash';
      readonly resized?: readonly [height: number, width: number];
    }
);

/** For an input that is as high as it is wide. */
export type SquarePreprocessing = Preprocessing & { readonly size: number };

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
export function scenesPreprocessing(size: number): SquarePreprocessing {
  expectGiven('scenesPreprocessing: the size', size, pixels);
  return { fit: 'crop', shortSide: size, size, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
}

export interface Preprocessed {
  /** What the model sees, as a picture. */
  readonly crop: Picture;
  /** The model's input, normalised. [channels, height, width] */
  readonly values: Float32Array<ArrayBuffer>;
  readonly geometry: Geometry;
}

const pixels = wholeNumber(1);

const heightWidth: Expectation<readonly [number, number]> = {
  words: 'height and width, such as [224, 224]',
  fits: (value): value is readonly [number, number] =>
    Array.isArray(value) && value.length === 2 && value.every(pixels.fits),
};

const anInputSize: Expectation<InputSize> = {
  words: `${pixels.words}, or ${heightWidth.words}`,
  fits: (value): value is InputSize => pixels.fits(value) || heightWidth.fits(value),
};

const channels: Expectation<readonly number[]> = {
  words: 'a list of three numbers, or of one',
  fits: (value): value is readonly number[] =>
    Array.isArray(value) && (value.length === 3 || value.length === 1) && value.every(aNumber.fits),
};

/** What each way of fitting a picture into the input needs to know. */
const ways = {
  crop: { shortSide: pixels },
  cover: { cover: heightWidth },
  squash: { resized: optional(heightWidth) },
} as const satisfies Record<Preprocessing['fit'], Readonly<Record<string, Expectation>>>;

/** @throws UsageError that names the first part which is missing or makes no sense */
export function checkPreprocessing(who: string, preprocessing: Preprocessing): void {
  const what = `${who}: the preprocessing`;
  expectParts(what, preprocessing, {
    fit: oneOf(Object.keys(ways)),
    size: anInputSize,
    mean: channels,
    std: {
      ...channels,
      fits: (std): std is readonly number[] => channels.fits(std) && std.length === preprocessing.mean.length,
    },
  });
  expectParts(what, preprocessing, ways[preprocessing.fit]);
}

/** Python's `round`: halves go to the even neighbour. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** Both sides, of a size that may be one number. */
export function heightAndWidth(size: InputSize): readonly [height: number, width: number] {
  return typeof size === 'number' ? [size, size] : size;
}

/** One number for a square. */
export function simplified([height, width]: readonly [height: number, width: number]): InputSize {
  return height === width ? height : [height, width];
}

/** The size of the whole picture, of which the centre is cut out. */
function resizedSize({ width, height }: Size, preprocessing: Preprocessing): Size {
  switch (preprocessing.fit) {
    case 'squash': {
      const [rows, columns] = preprocessing.resized ?? heightAndWidth(preprocessing.size);
      return { width: columns, height: rows };
    }
    case 'crop': {
      const { shortSide } = preprocessing;
      const short = Math.min(width, height);
      // Multiply before dividing, then cut: torchvision's order, which decides the last pixel.
      const scaled = (side: number) => Math.trunc((shortSide * side) / short);
      return { width: scaled(width), height: scaled(height) };
    }
    case 'cover': {
      const [rows, columns] = preprocessing.cover;
      // timm divides by the smaller ratio and rounds as Python does.
      const ratio = Math.min(height / rows, width / columns);
      return { width: roundHalfEven(width / ratio), height: roundHalfEven(height / ratio) };
    }
    default:
      return preprocessing satisfies never;
  }
}

function computeGeometry(original: Size, preprocessing: Preprocessing): Geometry {
  const [height, width] = heightAndWidth(preprocessing.size);
  const resized = resizedSize(original, preprocessing);
  if (resized.width < width || resized.height < height) {
    throw new ShapeError(
      `Cannot crop ${width}x${height} pixels from a picture of ${resized.width}x${resized.height}: ` +
        'let it be resized to at least that.',
    );
  }
  const x = roundHalfEven((resized.width - width) / 2);
  const y = roundHalfEven((resized.height - height) / 2);
  return { original, resized, crop: { x, y, width, height } };
}

/** Interleaved bytes to planes of `(value / 255 - mean) / std`, as many as there are means. [channels, height, width] */
export function pictureValues(
  picture: Picture,
  mean: readonly number[],
  std: readonly number[],
): Float32Array<ArrayBuffer> {
  checkPicture('pictureValues', picture);
  expectParts('pictureValues', { mean, std }, { mean: channels, std: channels });
  const { data, width, height } = picture;
  const pixels = width * height;
  const values = new Float32Array(mean.length * pixels);
  for (let channel = 0; channel < mean.length; channel++) {
    const ofByte = Float32Array.from(
      { length: 256 },
      (_, byte) => (byte / 255 - mean[channel]) / std[channel],
    );
    for (let i = 0; i < pixels; i++) values[channel * pixels + i] = ofByte[data[3 * i + channel]];
  }
  return values;
}

/**
 * A decoded picture of any size to a model's input: resize (as Pillow does), crop, normalise.
 * Only the pixels that survive the crop are ever computed. One that was decoded smaller has the original's geometry.
 *
 * @throws ShapeError if the crop is larger than the resized picture
 * Sources: torchvision `Resize`, `CenterCrop`, `ToTensor`, `Normalize` on a Pillow image; for `cover`, timm's
 * `ResizeKeepRatio`.
 */
export function preprocess(
  picture: Picture,
  preprocessing: Preprocessing = imagenetPreprocessing,
): Preprocessed {
  const seen = seenPart(picture, preprocessing);
  return { ...seen, values: pictureValues(seen.crop, preprocessing.mean, preprocessing.std) };
}

/** The same, without the numbers. */
export function seenPart(picture: Picture, preprocessing: Preprocessing): Omit<Preprocessed, 'values'> {
  checkPicture('preprocess', picture);
  checkPreprocessing('preprocess', preprocessing);
  const geometry = computeGeometry(originalSize(picture), preprocessing);
  const { width, height } = geometry.resized;
  const seen = preprocessing.mean.length === 1 ? luminance(picture) : picture;
  return { crop: resizeWindow(seen, width, height, geometry.crop, preprocessing.interpolation), geometry };
}
