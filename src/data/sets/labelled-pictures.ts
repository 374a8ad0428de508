import type { Mask, Picture } from '../../image/index.js';

/** Pictures by number, each of one class. They are decoded when they are asked for, the same each time. */
export interface LabelledPictures {
  /** A class for each picture, by its place in `classes` of the set. */
  readonly labels: ArrayLike<number>;
  /** What a picture is called in messages: its file's path, or its place in one. */
  name(index: number): string;
  /** @throws ImageError if it cannot be decoded */
  picture(index: number): Promise<Picture>;
  /** Where the object lies, in pixels of the picture; undefined of a set without masks. */
  readonly mask?: (index: number) => Promise<Mask>;
}

/** What is learned from, and what is measured on. */
export interface DataSet {
  /** Their names, in the order of their numbers. */
  readonly classes: readonly string[];
  readonly train: LabelledPictures;
  readonly test: LabelledPictures;
}

/**
 * Pictures of one size that are all in memory, as RGB.
 * @param source the file's name
 * @param labels and
 * @param pixels of all of them, one after the other
 */
export function picturesInMemory(
  source: string,
  labels: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
  pixels: (index: number) => Uint8Array,
): LabelledPictures {
  return {
    labels,
    name: (index) => `picture ${index} of "${source}"`,
    picture: (index) => Promise.resolve({ width, height, data: pixels(index) }),
  };
}

/** Some of the pictures, in the given order. */
export function chosen(pictures: LabelledPictures, indices: readonly number[]): LabelledPictures {
  const { mask } = pictures;
  return {
    labels: indices.map((index) => pictures.labels[index]),
    name: (index) => pictures.name(indices[index]),
    picture: (index) => pictures.picture(indices[index]),
    ...(mask && { mask: (index: number) => mask(indices[index]) }),
  };
}

/** Several lists as one, with masks where each of them has some. */
export function joined(lists: readonly LabelledPictures[]): LabelledPictures {
  const places = lists.flatMap((list) =>
    Array.from({ length: list.labels.length }, (_, index) => ({ list, index })),
  );
  return {
    labels: places.map(({ list, index }) => list.labels[index]),
    name: (at) => places[at].list.name(places[at].index),
    picture: (at) => places[at].list.picture(places[at].index),
    ...(lists.every(({ mask }) => mask) && {
      mask: (at: number) => places[at].list.mask!(places[at].index),
    }),
  };
}

/** The same, each kept in memory once it was asked for: where it is made anew each time. */
export function remembered(pictures: LabelledPictures): LabelledPictures {
  const { mask } = pictures;
  return {
    ...pictures,
    picture: once((index) => pictures.picture(index)),
    ...(mask && { mask: once(mask) }),
  };
}

function once<Made>(make: (index: number) => Promise<Made>): (index: number) => Promise<Made> {
  const made = new Map<number, Promise<Made>>();
  return (index) => {
    const known = made.get(index) ?? make(index);
    made.set(index, known);
    return known;
  };
}
