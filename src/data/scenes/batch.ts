import { pictureValues, type Preprocessing } from '../../image/index.js';
import { Random } from '../../random.js';
import { sceneClasses } from './classes.js';
import { drawScene, type Scene } from './draw.js';
import { planScene } from './plan.js';
import type { Sprite } from './sprite.js';

/** Scenes as a model takes them. */
export interface SceneBatch {
  /** [batch, 3, size, size] */
  readonly image: Float32Array;
  /** The classes of each scene in equal parts, which sum to 1. [batch, classes] */
  readonly labels: Float32Array;
}

/**
 * The scenes from `first` on of an endless sequence: each is the same whenever and with whatever others it is made.
 * @param sprites of each class
 * @param seed of the sequence
 */
export function sceneBatch(
  sprites: readonly (readonly Sprite[])[],
  { seed, first, count }: { readonly seed: number; readonly first: number; readonly count: number },
  { size, mean, std }: Preprocessing,
): SceneBatch {
  const image = new Float32Array(count * 3 * size * size);
  const labels = new Float32Array(count * sceneClasses.length);
  for (let position = 0; position < count; position++) {
    const scene = makeScene(sprites, seed, first + position, size);
    image.set(pictureValues(scene.picture, mean, std), position * 3 * size * size);
    for (const { classIndex } of scene.objects) {
      labels[position * sceneClasses.length + classIndex] = 1 / scene.objects.length;
    }
  }
  return { image, labels };
}

/** One scene of the sequence. */
export function makeScene(
  sprites: readonly (readonly Sprite[])[],
  seed: number,
  index: number,
  side: number,
  objects?: number,
): Scene {
  return drawScene(planScene(sprites, new Random(seed, index), objects), side);
}
