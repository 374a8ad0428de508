import type { LabelledPictures } from '../../data/sets/index.js';
import { DataError, VitrineError } from '../../errors.js';
import type { Mask, Picture } from '../../image/index.js';
import { heightAndWidth } from '../../image/preprocess.js';
import type { Random } from '../../random.js';
import { placement } from '../augment/index.js';
import type { TrainConfig } from '../config.js';
import { preprocessingOf } from '../preprocessing.js';

/** The masks of a batch. */
export interface BatchMasks {
  /** [batch, patches] */
  readonly values: Float32Array;
  /** @param random with the numbers by which the picture was changed */
  put(position: number, index: number, random: Random): Promise<void>;
}

/** How much of each patch is the object, in pictures as they are learned from. */
export class PatchMasks {
  readonly #mask: (index: number) => Promise<Mask>;
  readonly #placed: ReturnType<typeof placement>;
  readonly #image: readonly [height: number, width: number];
  readonly #patch: readonly [height: number, width: number];

  /** @throws DataError if it is not known where the objects are */
  constructor(
    { mask }: LabelledPictures,
    config: Pick<TrainConfig, 'augment' | 'model' | 'preprocessing' | 'data'>,
  ) {
    if (!mask) {
      throw new DataError(
        `"guide" needs to know where objects are, and "${config.data.set}" has no masks; leave it out, or learn from pictures that have some.`,
      );
    }
    this.#mask = mask;
    this.#placed = placement(config.augment, preprocessingOf(config));
    this.#image = heightAndWidth(config.model.imageSize);
    this.#patch = heightAndWidth(config.model.patchSize);
  }

  ofBatch(count: number): BatchMasks {
    const [rows, columns] = this.#image.map((extent, axis) => extent / this.#patch[axis]);
    const patches = rows * columns;
    const values = new Float32Array(count * patches);
    return {
      values,
      put: async (position, index, random) => {
        const mask = await this.#known(index);
        if (!mask) return;
        const placed = this.#placed(asPicture(mask), random);
        this.#average(placed, values.subarray(position * patches, (position + 1) * patches));
      },
    };
  }

  /** Undefined where a picture has none, or one that cannot be read: it guides nothing. */
  async #known(index: number): Promise<Mask | undefined> {
    try {
      return await this.#mask(index);
    } catch (error) {
      if (!(error instanceof VitrineError)) throw error;
      return undefined;
    }
  }

  #average({ data }: Picture, shares: Float32Array): void {
    const [[height, width], [high, wide]] = [this.#image, this.#patch];
    const columns = width / wide;
    for (let pixel = 0; pixel < height * width; pixel++) {
      const row = Math.floor(pixel / width / high);
      shares[row * columns + Math.floor((pixel % width) / wide)] += data[3 * pixel] / (255 * high * wide);
    }
  }
}

function asPicture({ width, height, values }: Mask): Picture {
  return {
    width,
    height,
    data: Uint8Array.from({ length: 3 * values.length }, (_, i) =>
      Math.round(255 * values[Math.floor(i / 3)]),
    ),
  };
}
