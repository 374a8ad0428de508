import { Random } from '../../random.js';
import { sceneLabels } from '../../models/index.js';
import type { DataSet, LabelledPictures } from '../sets/index.js';
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
  const numbers = Array.from({ length: count }, (_, index) => first + index);
  const labels = numbers.map((number) => classOf(sprites, seed, number));
  return picturesOf(sprites, seed, side, numbers, labels);
}

/** How many scenes of which classes. */
export interface SinglesSet {
  readonly seed: number;
  /** So many, the first of all. */
  readonly classes: number;
  /** Of each class. */
  readonly train: number;
  readonly test: number;
  /** Pixels. */
  readonly side: number;
}

/**
 * The same as a set: of a sequence the first that show the classes, as many of each.
 * @param firstOfTest number of the scene from which on they are measured on
 */
export function singlesSet(
  sprites: readonly (readonly Sprite[])[],
  { seed, classes, train, test, side }: SinglesSet,
  firstOfTest: number,
): DataSet {
  const part = (first: number, each: number): LabelledPictures => {
    const left = Array.from({ length: classes }, () => each);
    const [numbers, labels]: [number[], number[]] = [[], []];
    for (let number = first; numbers.length < classes * each; number++) {
      const label = classOf(sprites, seed, number);
      if (!left[label]) continue;
      left[label]--;
      numbers.push(number);
      labels.push(label);
    }
    return picturesOf(sprites, seed, side, numbers, labels);
  };
  return { classes: sceneLabels.slice(0, classes), train: part(0, train), test: part(firstOfTest, test) };
}

const one = { count: 1 };

/** Of the one object of a scene. */
function classOf(sprites: readonly (readonly Sprite[])[], seed: number, number: number): number {
  const [{ sprite }] = planScene(sprites, new Random(seed, number), one).objects;
  return sprite.classIndex;
}

/**
 * @param numbers of scenes
 * @param labels of their objects
 */
function picturesOf(
  sprites: readonly (readonly Sprite[])[],
  seed: number,
  side: number,
  numbers: readonly number[],
  labels: readonly number[],
): LabelledPictures {
  const scene = (index: number) => makeScene(sprites, seed, numbers[index], side, one);
  return {
    labels,
    name: (index) => `scene ${numbers[index]}`,
    picture: (index) => Promise.resolve(scene(index).picture),
    mask: (index) => Promise.resolve(scene(index).objects[0].mask),
  };
}
