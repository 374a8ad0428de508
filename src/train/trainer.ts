import type { Backend } from '../compiler/backend.js';
import { compile, type Program } from '../compiler/compile.js';
import { DataError } from '../errors.js';
import { Random } from '../random.js';
import type { Tensor, Values } from '../tensor/index.js';
import type { TrainConfig } from './config.js';
import type { DropPath } from './drop-path.js';
import { graphsOf } from './graphs.js';
import type { Learner } from './learner.js';
import { averageDecayAt, type Memory } from './memory.js';
import { learningRateAt } from './schedule.js';
import { predicted } from './metrics/index.js';
import type { Batch } from './sets/training-set.js';
import type { TrainingState } from './state.js';

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
    private readonly gathering: Program<'loss' | 'logits'> | undefined,
    private readonly training: Program<'loss' | 'logits' | 'norm'>,
    private readonly testing: Program<'loss' | 'logits'>,
    private readonly reading: Program,
  ) {}

  /**
   * Compiles what a training needs.
   * @param learner with the numbers to begin with
   * @param memory with the numbers to begin with
   * @throws DeviceError if the backend cannot
   */
  static async create(
    config: TrainConfig,
    learner: Learner,
    memory: Memory,
    backend: Backend,
  ): Promise<Trainer> {
    const { dropPath, gather, step, test, state } = graphsOf(config, learner, memory);
    const programs: Program[] = [];
    const compiled = async <Names extends string>(
      outputs: Readonly<Record<Names, Tensor>>,
      updates?: ReadonlyMap<Tensor, Tensor>,
    ): Promise<Program<Names>> => {
      const program = await compile(outputs, backend, updates);
      programs.push(program);
      return program;
    };
    try {
      return new Trainer(
        config,
        state,
        dropPath,
        gather && (await compiled(gather.outputs, gather.updates)),
        await compiled(step.outputs as typeof step.outputs & typeof test, step.updates),
        await compiled(test),
        await compiled(Object.fromEntries(state)),
      );
    } catch (error) {
      for (const program of programs) program.dispose();
      throw error;
    }
  }

  /** @param step counted from 0: decides the learning rate and what is dropped */
  async step(step: number, batch: Batch): Promise<StepResult> {
    const { accumulate, average, batch: all, seed } = this.config;
    const images = all / accumulate;
    const learningRate = learningRateAt(step, this.config);
    const dropped = this.dropPath.draw(new Random(seed, step, 1), accumulate);
    const settings = {
      learningRate: new Float32Array([learningRate]),
      ...(average > 0 && { averageDecay: new Float32Array([averageDecayAt(step, average)]) }),
    };
    const { patchLabels, masks, ...rest } = batch;
    const used: Batch = {
      ...rest,
      ...(patchLabels && this.config.patchLabels > 0 && { patchLabels }),
      ...(masks && this.config.guide && { masks }),
    };
    const parts = dropped.map((dropPath, part) => ({ ...partOf(used, part, accumulate), dropPath }));
    const gathered = [];
    if (this.gathering) for (const part of parts) gathered.push(await this.gathering.run(part));
    const result = await this.training.run(this.gathering ? settings : { ...parts[0], ...settings });
    const passes = this.gathering ? gathered : [result];
    const accuracies = passes.map(({ logits }, part) => accuracyOf(logits, parts[part].labels, images));
    const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b) / accumulate;
    return {
      loss: mean(passes.map(({ loss }) => loss[0])),
      accuracy: mean(accuracies),
      gradientNorm: result.norm[0],
      learningRate,
    };
  }

  /**
   * Mean loss, without label smoothing, and accuracy over batches that are not learned from.
   * @param seen is told the logits and labels of each image that counts. [classes]
   * @throws DataError if no image counts
   * @param seen is told the logits and labels of each image that counts. [classes]
   */
  async test(
    batches: Iterable<Batch> | AsyncIterable<Batch>,
    seen?: (logits: Values, labels: Values) => void,
  ): Promise<{ loss: number; accuracy: number }> {
    let [sum, right, count] = [0, 0, 0];
    const { accumulate, batch: all } = this.config;
    const images = all / accumulate;
    for await (const batch of batches) {
      for (let part = 0; part < accumulate; part++) {
        const { image, labels } = partOf(batch, part, accumulate);
        const { loss, logits } = await this.testing.run({ image, labels });
        // Images without labels have no loss, and are counted in its mean.
        sum += images * loss[0];
        for (const [label, ofLogits, ofLabels] of predictions(logits, labels, images)) {
          if (ofLabels[label] > 0) right++;
          count++;
          seen?.(ofLogits, ofLabels);
        }
      }
    }
    if (count === 0) throw new DataError('Not one of the pictures to measure on can be read; look at them.');
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
    for (const program of [this.gathering, this.training, this.testing, this.reading]) program?.dispose();
  }
}

/** One of several parts of a batch. */
function partOf({ image, labels, ...known }: Batch, part: number, parts: number) {
  const cut = (values: Values): Values => {
    const size = values.length / parts;
    return values.subarray(part * size, (part + 1) * size);
  };
  const others = Object.entries(known).map(([name, values]) => [name, cut(values)] as const);
  return { image: cut(image), labels: cut(labels), ...Object.fromEntries(others) };
}

/** Of each image that counts the most probable class, the logits and the labels. @param labels and @param logits [images, classes] */
function* predictions(
  logits: Values,
  labels: Values,
  images: number,
): Generator<[label: number, logits: Values, labels: Values]> {
  const classes = logits.length / images;
  for (const [image, label] of predicted(logits, images).entries()) {
    const ofImage = (values: Values): Values => values.subarray(image * classes, (image + 1) * classes);
    if (ofImage(labels).some((share) => share > 0)) yield [label, ofImage(logits), ofImage(labels)];
  }
}

/** The share of images of which the most probable class is one that is there. */
function accuracyOf(logits: Values, labels: Values, images: number): number {
  const all = [...predictions(logits, labels, images)];
  return all.filter(([label, , shares]) => shares[label] > 0).length / all.length;
}
