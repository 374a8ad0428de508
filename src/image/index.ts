/** Pictures: faithful preprocessing, and maps drawn back on the original. Decoders are in `vitrine/node`. */
export { colormap, colormapNames, type Colormap, type ColormapName } from './colormap.js';
export { cut } from './cut.js';
export { flattenOverWhite } from './flatten.js';
export { seenArea, type Area, type Geometry } from './geometry.js';
export { isInside, maskOfPicture, type Mask } from './mask.js';
export { overlay, type OverlayOptions, type PatchMap } from './overlay.js';
export { layHeat, type Colours } from './heat.js';
export { luminance } from './luminance.js';
export { originalSize, type Picture, type Size } from './picture.js';
export {
  imagenetPreprocessing,
  pictureValues,
  preprocess,
  scenesPreprocessing,
  vitExplainPreprocessing,
  type Preprocessed,
  type InputSize,
  type Preprocessing,
  type SquarePreprocessing,
} from './preprocess.js';
export { findRegions, type Region, type Run } from './regions/regions.js';
export { runLengths, type RunLengths } from './regions/rle.js';
export {
  checkThreshold,
  levelOf,
  thresholdRules,
  usualThreshold,
  type Threshold,
} from './regions/threshold.js';
export { resize, resizeWindow, type PixelArea } from './resize.js';
export { rangeOf, scaleToUnit, type Range } from './upsample.js';
export { exactTaps, type Interpolation, type TapsOf } from './taps.js';
