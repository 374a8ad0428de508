import type { Backend } from '../compiler/backend.js';
import { compile, type Program } from '../compiler/compile.js';
import { adamW, adamWState, clipByNorm, crossEntropy, type AdamWState } from '../nn/index.js';
import { Random } from '../random.js';
import { add, gradient, input, multiply, type Tensor, type Values } from '../tensor/index.js';
import type { TrainConfig } from './config.js';
import { DropPath } from './drop-path.js';
import { patchHead, type Learner } from './learner.js';
import { learningRateAt } from './schedule.js';

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

/** Tensors of a training by name: the parameters under timm's names, and what AdamW remembers. */
export type TrainingState = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly values: Values }
>;

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
    const { model } = learner;
    const { classes } = model.config;
    const [rows, columns] = model.geometry.grid;
    const image = input('image', [config.batch, ...model.inputShape]);
    const labels = input('labels', [config.batch, classes]);
    const patchLabels = input('patchLabels', [config.batch, rows * columns, classes + 1]);
    const dropPath = new DropPath(config.dropPath, model, config.batch);
    const { output: logits, recorded } = dropPath.record(model, image, /^norm$/);
    const loss = crossEntropy(logits, labels, config.labelSmoothing);
    const patchLoss = learner.patchLoss(recorded.get('norm')!, patchLabels);
    const objective = add(loss, multiply(patchLoss, config.patchLabels));
    const parameters = learner.parameters.map(([, parameter]) => parameter);
    const { gradients, norm } = clipByNorm(gradient(objective, parameters), config.clip);
    const updates = adamW(
      parameters,
      gradients,
      {
        learningRate: input('learningRate', []),
        betas: config.betas,
        epsilon: config.epsilon,
        weightDecay: learner.parameters.map(([name]) => (decays(name) ? config.weightDecay : 0)),
      },
      optimizer,
    );
    const training = await compile({ loss, logits, norm }, backend, updates);
    const plain = model.call(image);
    const testing = await compile({ loss: crossEntropy(plain, labels), logits: plain }, backend);
    const named = namedState(learner, optimizer);
    const reading = await compile(Object.fromEntries(named), backend);
    return new Trainer(config, named, dropPath, training, testing, reading);
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

/** AdamW's state before the first step. */
export function freshOptimizer({ parameters }: Learner): AdamWState {
  return adamWState(parameters.map(([, parameter]) => parameter));
}

/** Everything that a training remembers, by name: the parameters, then `optimizer.…`. */
export function namedState({ parameters }: Learner, optimizer: AdamWState): Map<string, Tensor> {
  const corrections = optimizer.corrections.map((tensor, moment) => [`${moment + 1}`, tensor] as const);
  const moments = (tensors: readonly Tensor[]) => parameters.map(([name], i) => [name, tensors[i]] as const);
  const under = (prefix: string, tensors: readonly (readonly [string, Tensor])[]) =>
    tensors.map(([name, tensor]): [string, Tensor] => [`optimizer.${prefix}.${name}`, tensor]);
  return new Map<string, Tensor>([
    ...parameters,
    ...under('correction', corrections),
    ...under('mean', moments(optimizer.means)),
    ...under('square', moments(optimizer.squares)),
  ]);
}

/** What of a state is the model's own. */
export function modelOf(state: TrainingState): TrainingState {
  return new Map(
    [...state].filter(([name]) => !name.startsWith('optimizer.') && !name.startsWith(`${patchHead}.`)),
  );
}

/** As timm has it: matrices shrink; biases, norms and embeddings do not. */
function decays(name: string): boolean {
  return name.endsWith('.weight') && !name.includes('norm');
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
