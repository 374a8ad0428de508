import { adamW, clipByNorm, crossEntropy, type AdamWState } from '../nn/index.js';
import { add, gradient, input, multiply, type Tensor } from '../tensor/index.js';
import type { TrainConfig } from './config.js';
import { DropPath } from './drop-path.js';
import type { Learner } from './learner.js';
import { namedState } from './state.js';

/** What a training computes, as graphs that are not compiled yet. */
export interface TrainingGraphs {
  readonly dropPath: DropPath;
  /** A step: what it reports, and what it changes. */
  readonly step: Readonly<Record<'loss' | 'logits' | 'norm', Tensor>>;
  readonly updates: ReadonlyMap<Tensor, Tensor>;
  /** The model without what belongs to learning alone. */
  readonly test: Readonly<Record<'loss' | 'logits', Tensor>>;
  /** All numbers that a training remembers, by name. */
  readonly state: ReadonlyMap<string, Tensor>;
}

/** The graphs of a step, of a test and of a checkpoint; no numbers are needed yet. */
export function graphsOf(config: TrainConfig, learner: Learner, optimizer: AdamWState): TrainingGraphs {
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
  const plain = model.call(image);
  return {
    dropPath,
    step: { loss, logits, norm },
    updates,
    test: { loss: crossEntropy(plain, labels), logits: plain },
    state: namedState(learner, optimizer),
  };
}

/** As timm has it: matrices shrink; biases, norms and embeddings do not. */
function decays(name: string): boolean {
  return name.endsWith('.weight') && !name.includes('norm');
}
