import { forwardPass } from '../explain/index.js';
import { adamW, clipByNorm, crossEntropy } from '../nn/index.js';
import { add, gradient, input, multiply, type Tensor } from '../tensor/index.js';
import type { TrainConfig } from './config.js';
import { DropPath } from './drop-path.js';
import { guideLoss } from './guide.js';
import type { Learner } from './learner.js';
import { averaged, type Memory } from './memory.js';
import { namedState } from './state.js';
import { decays, layerScales, trained } from './trained.js';

/** A program that is not compiled yet. */
interface Graph<Names extends string> {
  readonly outputs: Readonly<Record<Names, Tensor>>;
  readonly updates: ReadonlyMap<Tensor, Tensor>;
}

/** What a training computes, as graphs that are not compiled yet. */
export interface TrainingGraphs {
  readonly dropPath: DropPath;
  /**
   * What is done with a part of a batch, as often as there are parts, before `step`: its gradients are added to those of the
   * others. Undefined where a batch is one part, which `step` then does, too.
   */
  readonly gather: Graph<'loss' | 'logits'> | undefined;
  /** What changes the parameters; with `loss` and `logits` if nothing was gathered. */
  readonly step: Graph<'norm'>;
  /** The model as it is kept, without what belongs to learning alone. */
  readonly test: Readonly<Record<'loss' | 'logits', Tensor>>;
  /** All numbers that a training remembers, by name. */
  readonly state: ReadonlyMap<string, Tensor>;
}

/** The graphs of a step, of a test and of a checkpoint; no numbers are needed yet. */
export function graphsOf(config: TrainConfig, learner: Learner, memory: Memory): TrainingGraphs {
  const { model } = learner;
  const { classes } = model.config;
  const [rows, columns] = model.geometry.grid;
  const part = config.batch / config.accumulate;
  const image = input('image', [part, ...model.inputShape]);
  const labels = input('labels', [part, classes]);
  const dropPath = new DropPath(config.dropPath, model, part);
  const pass = dropPath.within(model, () => forwardPass(model, image));
  const { logits } = pass;
  const loss = crossEntropy(logits, labels, config.labelSmoothing);
  const patchLoss = learner.patchLoss(model.norm.call(pass.layers.at(-1)!.after), () =>
    input('patchLabels', [part, rows * columns, classes + 1]),
  );
  const { guide } = config;
  const guided = guide && guideLoss(guide.by, pass, labels, input('masks', [part, rows * columns]));
  const objective = [
    ...(patchLoss ? [multiply(patchLoss, config.patchLabels)] : []),
    ...(guided ? [multiply(guided, guide.weight)] : []),
  ].reduce(add, loss);
  const parameters = trained(learner.parameters, config.freeze).map(([, parameter]) => parameter);
  const gradients = gradient(objective, parameters);
  const whole = config.accumulate === 1;
  const { sums } = memory;
  const shares = gradients.map((one) => multiply(one, 1 / config.accumulate));
  const step = stepOf(config, learner, memory, whole ? gradients : sums);
  const plain = (memory.average ?? model).call(image);
  return {
    dropPath,
    gather: whole
      ? undefined
      : {
          outputs: { loss, logits },
          updates: new Map(sums.map((sum, i) => [sum, add(sum, shares[i])])),
        },
    step: {
      outputs: { ...(whole && { loss, logits }), ...step.outputs },
      // What was gathered is used up.
      updates: new Map([...step.updates, ...sums.map((sum) => [sum, multiply(sum, 0)] as const)]),
    },
    test: { loss: crossEntropy(plain, labels), logits: plain },
    state: namedState(config, learner, memory),
  };
}

function stepOf(
  config: TrainConfig,
  learner: Learner,
  { optimizer, average }: Memory,
  gradients: readonly Tensor[],
): Graph<'norm'> {
  const learned = trained(learner.parameters, config.freeze);
  const names = learned.map(([name]) => name);
  const clipped = clipByNorm(gradients, config.clip || 1);
  const updates = adamW(
    learned.map(([, parameter]) => parameter),
    config.clip > 0 ? clipped.gradients : gradients,
    {
      learningRate: input('learningRate', []),
      betas: config.betas,
      epsilon: config.epsilon,
      weightDecay: names.map((name) => (decays(name) ? config.weightDecay : 0)),
      learningRateScales: layerScales(names, learner.model.config.depth, config.layerDecay),
    },
    optimizer,
  );
  const averages = average && averaged(average, learner.model, updates, input('averageDecay', []));
  return { outputs: { norm: clipped.norm }, updates: new Map([...updates, ...(averages ?? [])]) };
}
