import type { Values } from '../../tensor/index.js';

/** Pictures and what they show, as many as a step takes. */
export interface Batch {
  /** [batch, channels, height, width] */
  readonly image: Values;
  /** A distribution over the classes for each image; zeros for one that counts for nothing. [batch, classes] */
  readonly labels: Values;
  /** A distribution over the classes and the background for each patch, where it is known. [batch, patches, classes + 1] */
  readonly patchLabels?: Values;
  /** The share of each patch that is the object, where that is asked for; zeros where it is not known. [batch, patches] */
  readonly masks?: Values;
}

/** Pictures by number: the same one for a number, whenever and with whatever others it is asked for. */
export interface TrainingSet {
  /** Names of the classes, in the order of their numbers. */
  readonly labels: readonly string[];
  /** How many there are before the first comes again; infinite where none comes twice. */
  readonly size: number;
  /** @param first number of the first picture */
  batch(first: number, count: number): Batch | Promise<Batch>;
}

/** What is learned from, and what is never learned from. */
export interface TrainingData {
  readonly train: TrainingSet;
  /** Its batches, beyond its size, have images that count for nothing. */
  readonly test: TrainingSet;
}
