import type { DataSet, LabelledPictures } from '../../data/sets/index.js';
import { DataError, VitrineError } from '../../errors.js';
import { preprocess, type Picture, type Preprocessing } from '../../image/index.js';
import { heightAndWidth } from '../../image/preprocess.js';
import { Random } from '../../random.js';
import { augmentation, mixed, shuffled, type Augmentation } from '../augment/index.js';
import type { TrainConfig } from '../config.js';
import { preprocessingOf } from '../preprocessing.js';
import { PatchMasks } from './patch-masks.js';
import type { Batch, TrainingData, TrainingSet } from './training-set.js';

/** Is told of each picture that cannot be read, once, with its name and why. */
export type Damaged = (name: string, why: string) => void;

/** Pictures are decoded so many at a time: they may be large, and what is made of them is small. */
const AT_ONCE = 4;

/** What sequences of random numbers are for, so that none is another's. */
const sequences = { order: 2, augmentation: 3, mixing: 4, measuring: 5 };

/** A set as a training takes it: each epoch in another order, each picture changed each time; to be measured on as it is. */
export function labelledData(set: DataSet, config: TrainConfig, damaged: Damaged): TrainingData {
  return {
    train: new LearnedFrom(set.classes, new Readable(set.train, damaged), config),
    test: new MeasuredOn(set.classes, new Readable(set.test, damaged), config),
  };
}

/** Pictures, of which some may turn out to be damaged. */
class Readable {
  readonly #damaged = new Set<number>();

  constructor(
    readonly pictures: LabelledPictures,
    private readonly told: Damaged,
  ) {}

  /** Undefined if it cannot be read. */
  async read(index: number): Promise<Picture | undefined> {
    if (this.#damaged.has(index)) return undefined;
    try {
      return await this.pictures.picture(index);
    } catch (error) {
      if (!(error instanceof VitrineError)) throw error;
      if (!this.#damaged.has(index)) this.told(this.pictures.name(index), error.message);
      this.#damaged.add(index);
      return undefined;
    }
  }
}

class LearnedFrom implements TrainingSet {
  readonly size: number;
  readonly #preprocessing: Preprocessing;
  readonly #augment: Augmentation;
  /** Undefined where nobody asks where the object is. */
  readonly #masks: PatchMasks | undefined;
  #epoch = -1;
  #order: readonly number[] = [];

  constructor(
    readonly labels: readonly string[],
    private readonly readable: Readable,
    private readonly config: TrainConfig,
  ) {
    this.size = readable.pictures.labels.length;
    this.#preprocessing = preprocessingOf(config);
    this.#augment = augmentation(config.augment, this.#preprocessing);
    this.#masks = config.guide && new PatchMasks(readable.pictures, config);
  }

  async batch(first: number, count: number): Promise<Batch> {
    const { seed, mixup, cutmix } = this.config;
    const batch = emptyBatch(count, this.#preprocessing, this.labels.length);
    const masks = this.#masks?.ofBatch(count);
    await inTurns(count, async (position) => {
      const number = first + position;
      const [index, picture] = await this.#picture(number);
      // Each picture has its own numbers, so that it does not matter who makes it, and in which order.
      const numbers = () => new Random(seed, number, sequences.augmentation);
      const values = this.#augment(picture, numbers());
      put(batch, position, values, this.readable.pictures.labels[index]);
      await masks?.put(position, index, numbers());
    });
    const kinds = { mixup: mixup > 0 ? mixup : undefined, cutmix: cutmix > 0 ? cutmix : undefined };
    const random = new Random(seed, first, sequences.mixing);
    const all = mixed(batch, count, heightAndWidth(this.#preprocessing.size), kinds, random);
    return { ...all, ...(masks && { masks: masks.values }) };
  }

  /** The picture at a place of all epochs; in the place of a damaged one the next that is not. */
  async #picture(number: number): Promise<readonly [index: number, picture: Picture]> {
    const order = this.#orderOf(Math.floor(number / this.size));
    for (let further = 0; further < this.size; further++) {
      const index = order[(number + further) % this.size];
      const picture = await this.readable.read(index);
      if (picture) return [index, picture];
    }
    throw new DataError(
      `Not one of the ${this.size} pictures can be read, the first being ${this.readable.pictures.name(0)}; look at them.`,
    );
  }

  #orderOf(epoch: number): readonly number[] {
    if (epoch !== this.#epoch) {
      const random = new Random(this.config.seed, epoch, sequences.order);
      this.#order = shuffled(Array(this.size).keys(), random);
      this.#epoch = epoch;
    }
    return this.#order;
  }
}

class MeasuredOn implements TrainingSet {
  readonly size: number;
  /** Files come class by class, and what is measured on may be the first few alone: they are of all classes. */
  readonly #order: readonly number[];

  constructor(
    readonly labels: readonly string[],
    private readonly readable: Readable,
    private readonly config: Pick<TrainConfig, 'model' | 'preprocessing' | 'seed'>,
  ) {
    this.size = readable.pictures.labels.length;
    this.#order = shuffled(Array(this.size).keys(), new Random(config.seed, 0, sequences.measuring));
  }

  async batch(first: number, count: number): Promise<Batch> {
    const preprocessing = preprocessingOf(this.config);
    const batch = emptyBatch(count, preprocessing, this.labels.length);
    await inTurns(Math.min(count, this.size - first), async (position) => {
      const index = this.#order[first + position];
      const picture = await this.readable.read(index);
      if (!picture) return;
      const { values } = preprocess(picture, preprocessing);
      put(batch, position, values, this.readable.pictures.labels[index]);
    });
    return batch;
  }
}

function emptyBatch(count: number, { size, mean }: Preprocessing, classes: number) {
  const [height, width] = heightAndWidth(size);
  return {
    image: new Float32Array(count * mean.length * height * width),
    labels: new Float32Array(count * classes),
  };
}

function put(
  { image, labels }: ReturnType<typeof emptyBatch>,
  position: number,
  values: Float32Array,
  label: number,
): void {
  image.set(values, position * values.length);
  labels[position * (labels.length / (image.length / values.length)) + label] = 1;
}

/** Does something for each place, a few at a time. */
async function inTurns(count: number, done: (position: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await done(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
