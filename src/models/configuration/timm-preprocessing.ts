import { heightAndWidth } from '../../image/preprocess.js';
import type { InputSize, Interpolation, Preprocessing } from '../../image/index.js';

/** What timm says of a model's pictures, under its names and with its defaults. */
export interface TimmPictures {
  readonly size: InputSize;
  /** Share of the resized picture's side that is seen. */
  readonly crop_pct?: number | undefined;
  readonly crop_mode?: 'center' | 'squash' | undefined;
  readonly interpolation?: Interpolation | undefined;
  readonly mean?: readonly number[] | undefined;
  readonly std?: readonly number[] | undefined;
}

/** How timm makes pictures ready for a model that is used. Source: timm 1.0, `transforms_imagenet_eval`. */
export function timmPreprocessing({
  size,
  crop_pct: share = 0.875,
  crop_mode: mode = 'center',
  interpolation = 'bicubic',
  mean = [0.485, 0.456, 0.406],
  std = [0.229, 0.224, 0.225],
}: TimmPictures): Preprocessing {
  const [height, width] = heightAndWidth(size);
  const whole = [Math.floor(height / share), Math.floor(width / share)] as const;
  const common = { size, mean, std, interpolation };
  if (mode === 'squash') return { ...common, fit: 'squash', resized: whole };
  return height === width
    ? { ...common, fit: 'crop', shortSide: whole[0] }
    : { ...common, fit: 'cover', cover: whole };
}
