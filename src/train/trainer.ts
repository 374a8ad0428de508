import type { Backend } from '../compiler/backend.js';
import { compile, type Program } from '../compiler/compile.js';
import type { AdamWState } from '../nn/index.js';
import { Random } from '../random.js';
import type { Tensor, Values } from '../tensor/index.js';
import type { TrainConfig } from './config.js';
import type { DropPath } from './drop-path.js';
import { graphsOf } from './graphs.js';
import type { Learner } from './learner.js';
import { learningRateAt } from './schedule.js';
import type { TrainingState } from './state.js';

/** Images and what they show, as `sceneBatch` makes them. */
export interface Batch {
  /** [batch, channels, size, size] */
  readonly image: Values;
  /** A distribution over the classes for each image. [batch, classes] */
  readonly labels: Values;
  /** A distribution over the classes and the background for each patch. [batch, patches, classes + 1] */
  readonly patchLabels: Values;
}

export interface StepResult {
  readonly loss: number;
  /** Share of the images of which the most probable class is one that is there. */
  readonly accuracy: number;
  /** Joint norm of all gradients before clipping. */
  readonly gradientNorm: number;
  readonly learningRate: number;
}

/**
 * Trains a model. A step is one run of one program; parameters and the optimiser's state stay on the device until
 * `state` asks for them.
 */
export class Trainer {
  private constructor(
    private readonly config: TrainConfig,
    private readonly named: ReadonlyMap<string, Tensor>,
    private readonly dropPath: DropPath,
    private readonly training: Program<'loss' | 'logits' | 'norm'>,
    private readonly testing: Program<'loss' | 'logits'>,
    private readonly reading: Program,
  ) {}

  /**
   * Compiles what a training needs.
   * @param learner with the numbers to begin with
   * @param optimizer with the numbers to begin with
   * @throws DeviceError if the backend cannot
   */
  static async create(
    config: TrainConfig,
    learner: Learner,
    optimizer: AdamWState,
    backend: Backend,
  ): Promise<Trainer> {
    const { dropPath, step, updates, test, state } = graphsOf(config, learner, optimizer);
    const training = await compile(step, backend, updates);
    const testing = await compile(test, backend);
    const reading = await compile(Object.fromEntries(state), backend);
    return new Trainer(config, state, dropPath, training, testing, reading);
  }

  /** @param step counted from 0: decides the learning rate and what is dropped */
  async step(step: number, batch: Batch): Promise<StepResult> {
    const learningRate = learningRateAt(step, this.config);
    const { loss, logits, norm } = await this.training.run({
      image: batch.image,
      labels: batch.labels,
      patchLabels: batch.patchLabels,
      dropPath: this.dropPath.draw(new Random(this.config.seed, step, 1)),
      learningRate: new Float32Array([learningRate]),
    });
    const accuracy = accuracyOf(logits, batch.labels, this.config.batch);
    return { loss: loss[0], accuracy, gradientNorm: norm[0], learningRate };
  }

  /** Mean loss, without label smoothing, and accuracy over batches that are not learned from. */
  async test(batches: Iterable<Batch>): Promise<{ loss: number; accuracy: number }> {
    let [sum, right, count] = [0, 0, 0];
    for (const { image, labels } of batches) {
      const { loss, logits } = await this.testing.run({ image, labels });
      sum += loss[0];
      right += accuracyOf(logits, labels, this.config.batch);
      count++;
    }
    return { loss: sum / count, accuracy: right / count };
  }

  /** The numbers as they are on the device now. */
  async state(): Promise<TrainingState> {
    const values = await this.reading.run();
    return new Map(
      [...this.named].map(([name, { shape }]) => [name, { shape, values: values[name] }] as const),
    );
  }

  dispose(): void {
    for (const program of [this.training, this.testing, this.reading]) program.dispose();
  }
}

function accuracyOf(logits: Values, labels: Values, batch: number): number {
  const classes = logits.length / batch;
  let right = 0;
  for (let image = 0; image < batch; image++) {
    let best = image * classes;
    for (let i = best; i < (image + 1) * classes; i++) if (logits[i] > logits[best]) best = i;
    if (labels[best] > 0) right++;
  }
  return right / batch;
}
