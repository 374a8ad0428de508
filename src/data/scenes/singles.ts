import { Random } from '../../random.js';
import type { LabelledPictures } from '../sets/index.js';
import { makeScene } from './batch.js';
import { planScene } from './plan.js';
import type { Sprite } from './sprite.js';

/** Which scenes of which sequence, and how large. */
export interface SinglesRange {
  readonly seed: number;
  readonly first: number;
  readonly count: number;
  /** Pixels. */
  readonly side: number;
}

/** Scenes of one object each, as pictures of one class with a mask. */
export function singleScenes(
  sprites: readonly (readonly Sprite[])[],
  { seed, first, count, side }: SinglesRange,
): LabelledPictures {
  const one = { count: 1 };
  const scene = (index: number) => makeScene(sprites, seed, first + index, side, one);
  const labels = Array.from({ length: count }, (_, index) => {
    const [{ sprite }] = planScene(sprites, new Random(seed, first + index), one).objects;
    return sprite.classIndex;
  });
  return {
    labels,
    name: (index) => `scene ${first + index}`,
    picture: (index) => Promise.resolve(scene(index).picture),
    mask: (index) => Promise.resolve(scene(index).objects[0].mask),
  };
}
