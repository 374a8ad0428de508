import { pictureValues, type SquarePreprocessing } from '../../image/index.js';
import { Random } from '../../random.js';
import { sceneClasses } from './classes.js';
import { drawScene, type Scene } from './draw.js';
import { planScene, type SceneOptions } from './plan.js';
import type { Sprite } from './sprite.js';

/** Scenes as a model takes them. */
export interface SceneBatch {
  /** [batch, 3, size, size] */
  readonly image: Float32Array;
  /** The classes of each scene in equal parts, which sum to 1. [batch, classes] */
  readonly labels: Float32Array;
  /** What each patch shows, in shares of its pixels: the classes, then whatever is no object. [batch, patches, classes + 1] */
  readonly patchLabels: Float32Array;
}

/** Which scenes of which sequence. */
export interface SceneRange {
  readonly seed: number;
  readonly first: number;
  readonly count: number;
  /** From 0 to 1, the full one if left out. */
  readonly difficulty?: number;
  /** As in `SceneOptions`. */
  readonly restyle?: boolean;
  readonly redraw?: boolean;
}

/**
 * The scenes from `first` on of an endless sequence: each is the same whenever and with whatever others it is made.
 * @param sprites of each class
 * @param patchSize height and width of a patch, pixels
 */
export function sceneBatch(
  sprites: readonly (readonly Sprite[])[],
  { seed, first, count, ...options }: SceneRange,
  { size, mean, std }: SquarePreprocessing,
  patchSize: number,
): SceneBatch {
  const image = new Float32Array(count * 3 * size * size);
  const labels = new Float32Array(count * sceneClasses.length);
  const patches = (size / patchSize) ** 2;
  const patchLabels = new Float32Array(count * patches * (sceneClasses.length + 1));
  for (let position = 0; position < count; position++) {
    const scene = makeScene(sprites, seed, first + position, size, options);
    image.set(pictureValues(scene.picture, mean, std), position * 3 * size * size);
    for (const { classIndex } of scene.objects) {
      labels[position * sceneClasses.length + classIndex] = 1 / scene.objects.length;
    }
    const stride = patchLabels.length / count;
    labelPatches(patchLabels.subarray(position * stride, (position + 1) * stride), scene, size, patchSize);
  }
  return { image, labels, patchLabels };
}

/** @param labels of one scene, all 0. [patches, classes + 1] */
function labelPatches(labels: Float32Array, { objects }: Scene, size: number, patchSize: number): void {
  const columns = size / patchSize;
  const classes = sceneClasses.length;
  for (const { classIndex, mask } of objects) {
    for (let pixel = 0; pixel < size * size; pixel++) {
      const patch = Math.floor(pixel / size / patchSize) * columns + Math.floor((pixel % size) / patchSize);
      labels[patch * (classes + 1) + classIndex] += mask.values[pixel] / patchSize ** 2;
    }
  }
  for (let start = 0; start < labels.length; start += classes + 1) {
    let shown = 0;
    for (let i = 0; i < classes; i++) shown += labels[start + i];
    labels[start + classes] = 1 - shown;
  }
}

/** One scene of the sequence. */
export function makeScene(
  sprites: readonly (readonly Sprite[])[],
  seed: number,
  index: number,
  side: number,
  options?: SceneOptions,
): Scene {
  return drawScene(planScene(sprites, new Random(seed, index), options), side);
}
