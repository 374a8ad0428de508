import { UsageError } from '../errors.js';
import { expectNoOther } from '../given.js';
import type { TokenGeometry } from '../geometry.js';
import { logSoftmax, record, type Module } from '../nn/index.js';
import { logProbabilitySeed } from './log-probability.js';
import { BackwardPass } from '../tensor/gradient.js';
import { derivatives, expand, reshape, Tensor, type Rules } from '../tensor/index.js';
import { checkTensors } from '../tensor/tensor.js';
import { weighted } from './weighted.js';

/** Where a bias is added to something that describes tokens. */
export interface Biased {
  /** With it. `[batch, tokens, ...]`, or head by head `[batch, heads, tokens, headWidth]` */
  readonly output: Tensor;
  /** Of the last axis. */
  readonly bias: Tensor;
}

/** One block of a forward pass. Tokens are `[batch, tokens, width]`. */
export interface Layer {
  /**
   * After the softmax, a row for each query. `[batch, heads, tokens, tokens]`
   * @throws NoAttentionError if the model has no such matrices
   */
  readonly attention: Tensor;
  /** `[batch, heads, tokens, headWidth]`, as are key and value. */
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
  /** The tokens that enter the block. */
  readonly tokens: Tensor;
  /** The same, normalised, as the attention takes them. */
  readonly normed: Tensor;
  /** What attention has made of the values, head beside head: what its projection takes. */
  readonly mixed: Tensor;
  /** Between the attention, its residual included, and the MLP. */
  readonly middle: Tensor;
  /** After the MLP's activation and, if it has one, its gate. `[batch, tokens, hidden]` */
  readonly hidden: Tensor;
  /** The tokens that leave the block. */
  readonly after: Tensor;
  /** All biases of the block, in the order of execution. */
  readonly biases: readonly Biased[];
}

/**
 * A forward pass as methods see it: everything that happens, and nothing of the model's class. Tensors are lazy, so
 * what no map asks for is not computed.
 */
export interface Pass {
  /** `[batch, channels, height, width]` */
  readonly image: Tensor;
  /** `[batch, classes]` */
  readonly logits: Tensor;
  /** First layer first. */
  readonly layers: readonly Layer[];
  readonly layout: TokenGeometry;
  /**
   * How much each token of the last layer counts in what is classified, as weights that sum to 1: the class token alone, the
   * mean of the patches, or what a pooling by attention attends to. `[batch, 1, tokens]`, or `[1, 1, tokens]`
   */
  readonly query: Tensor;
  /** Present if blocks do not add what enters them to what they make of it: see `expectResiduals`. */
  readonly withoutResiduals?: true;
  /** What the classifier makes of tokens `[batch, tokens, width]`: logits `[batch, classes]`. */
  classify(tokens: Tensor): Tensor;
  /** The same model on another input. */
  again(image: Tensor): Pass;
}

/** A forward pass together with what is explained about it. */
export interface Explained extends Pass {
  /** Of each image. `[batch]` */
  readonly score: Tensor;
  /** The gradient of the score with respect to the logits. `[batch, classes]` */
  readonly seed: Tensor;
  /** What the score would be of other logits, several of each image: `[batch, any, classes]` to `[batch, any]`. */
  scoreOf(logits: Tensor): Tensor;
  /**
   * Gradients of the sum of all scores, whose images do not touch each other.
   * @param of tensors of this pass, or any that its logits depend on. Each is worked out once, however often it is asked for
   * @param rules in the place of some derivatives, if others than those that it is under; the same object stands for the
   *   same backward pass
   * @returns one tensor for each, of its shape
   */
  gradient(of: readonly Tensor[], rules?: Partial<Rules>): readonly Tensor[];
  /** The same under other backward rules: every method takes them for gradients. */
  under(rules: Partial<Rules>): Explained;
  /**
   * The same with log-probabilities in the place of logits: of a class, its own; of a contrast, what it was. The same
   * if there are no classes, or only one, whose log-probability has no gradient.
   */
  ofLogProbability(): Explained;
  /**
   * The same model on another input, explained by the same seed.
   * @param image as many as there are here, or several for each, side by side
   */
  again(image: Tensor): Explained;
}

/** A model that can be looked at: it has timm's names inside. */
export interface Explainable extends Module {
  readonly geometry: TokenGeometry;
  classify(tokens: Tensor): Tensor;
  query(tokens: Tensor): Tensor;
}

/** What was asked for is made of attention matrices, and the model has none. */
export class NoAttentionError extends UsageError {
  override name = 'NoAttentionError';
}

/** What was asked for follows the residual connections, and the model has none. */
export class NoResidualsError extends UsageError {
  override name = 'NoResidualsError';
}

/**
 * The identity that rollout and its kin add to each layer's matrix stands for the residual connection.
 * @throws NoResidualsError if there is none
 */
export function expectResiduals({ withoutResiduals }: Pick<Pass, 'withoutResiduals'>): void {
  if (withoutResiduals) {
    throw new NoResidualsError('The blocks of the model have no residual connections, which this follows.');
  }
}

/** What of a block is kept, by the module whose output it is. */
const outputs = {
  normed: 'norm1',
  query: 'attn.q_norm',
  key: 'attn.k_norm',
  value: 'attn.v_norm',
} as const;

/** The place of attention after the softmax, which attention of another kind has not. */
const matrices = 'attn.attn_drop';

/** And by the module that is applied to it. */
const given = { mixed: 'attn.norm', middle: 'norm2', hidden: 'mlp.norm' } as const;

/**
 * Applies a model and keeps everything that methods look at.
 * @throws UsageError if the model lacks a module that is looked at
 */
export function forwardPass(model: Explainable, image: Tensor): Pass {
  const { output: logits, recorded, inputs } = record(model, image, /^blocks\./);
  const found = (from: ReadonlyMap<string, Tensor>, name: string): Tensor => {
    const tensor = from.get(name);
    if (!tensor) throw new UsageError(`The model has no module "${name}", which explanations look at.`);
    return tensor;
  };
  const biased = [...model.namedModules()].flatMap(([name, module]) =>
    'bias' in module && module.bias instanceof Tensor ? [[name, module.bias] as const] : [],
  );
  // In the order of execution.
  const blocks = [...recorded.keys()].filter((name) => /^blocks\.\d+$/.test(name));
  const layers = blocks.map((block): Layer => {
    const of = (from: ReadonlyMap<string, Tensor>, names: Readonly<Record<string, string>>) =>
      Object.entries(names).map(([what, name]) => [what, found(from, `${block}.${name}`)]);
    return {
      ...(Object.fromEntries(of(recorded, outputs)) as Record<keyof typeof outputs, Tensor>),
      ...(Object.fromEntries(of(inputs, given)) as Record<keyof typeof given, Tensor>),
      get attention() {
        const tensor = recorded.get(`${block}.${matrices}`);
        if (tensor) return tensor;
        throw new NoAttentionError(
          `The model has no module "${block}.${matrices}": it has no attention matrices, which this is made of.`,
        );
      },
      tokens: found(inputs, block),
      after: found(recorded, block),
      biases: biased
        .filter(([name]) => name.startsWith(`${block}.`))
        .map(([name, bias]) => ({ output: found(recorded, name), bias })),
    };
  });
  const withoutResiduals = [...model.namedModules()].some(
    ([, module]) => 'residuals' in module && !module.residuals,
  );
  const last = layers.at(-1);
  if (!last) throw new UsageError('The model has no blocks, which explanations look at.');
  return {
    image,
    logits,
    layers,
    layout: model.geometry,
    query: model.query(last.after),
    ...(withoutResiduals && { withoutResiduals }),
    classify: (tokens) => model.classify(tokens),
    again: (other) => forwardPass(model, other),
  };
}

/** What of a score is known beside its seed. */
export interface ScoreFacts {
  /** If it is not linear in the logits: then the seed is its gradient. `[batch, any, classes]` to `[batch, any]` */
  readonly scoreOf?: (logits: Tensor) => Tensor;
  /** Whether the logits are features, and no classes. */
  readonly features?: boolean;
}

/**
 * A pass with what is explained about it.
 * @param seed what each class counts in the score, `[batch, classes]`: 1 for one class; also negative. It is a
 *   constant of the gradient, wherever it comes from. See `targetInput`.
 */
export function explained(pass: Pass, seed: Tensor, facts: ScoreFacts = {}): Explained {
  const { logits } = Object(pass) as Pass;
  checkTensors('explained', logits, seed);
  expectNoOther('explained', facts, ['scoreOf', 'features']);
  const { scoreOf = (x: Tensor) => weighted(x, seed), features = false } = facts;
  const again = (other: Tensor): Explained => {
    return explained(pass.again(other), repeated(seed, other.shape[0]), { features });
  };
  const hasLogarithm = !features && logits.shape[1] > 1;
  let ofLogarithm: Scored | undefined;
  return withGradients(pass, {
    scoreOf,
    seed,
    again,
    ...(hasLogarithm ? { logarithm: () => (ofLogarithm ??= scoredByLogarithm(pass, seed, again)) } : {}),
  });
}

/** A pass with its score, before it is known under which rules gradients are taken. */
interface Scored extends Pick<Explained, 'scoreOf'> {
  readonly seed: Tensor;
  readonly again: (image: Tensor) => Explained;
  /** The same of log-probabilities, the same object at each call; left out if that is itself. */
  readonly logarithm?: () => Scored;
}

function scoredByLogarithm({ logits }: Pass, seed: Tensor, again: (image: Tensor) => Explained): Scored {
  return {
    scoreOf: (x) => weighted(logSoftmax(x), seed),
    seed: logProbabilitySeed(logits, seed),
    again: (image) => again(image).ofLogProbability(),
  };
}

/** Gradients by their rules: those of one score that are under the same rules are one backward pass. */
const known = new WeakMap<Scored, Map<Partial<Rules>, BackwardPass>>();

function withGradients(pass: Pass, scored: Scored, usual: Partial<Rules> = derivatives): Explained {
  const { scoreOf, seed, again, logarithm } = scored;
  const [batch, classes] = pass.logits.shape;
  const backward = known.get(scored) ?? new Map<Partial<Rules>, BackwardPass>();
  known.set(scored, backward);
  return {
    ...pass,
    score: reshape(scoreOf(reshape(pass.logits, [batch, 1, classes])), [batch]),
    scoreOf,
    seed,
    gradient(of, rules = usual) {
      const found = backward.get(rules) ?? new BackwardPass(pass.logits, { seed, rules });
      backward.set(rules, found);
      return found.gradients(of);
    },
    under: (rules) => withGradients(pass, scored, rules),
    ofLogProbability: () => withGradients(pass, logarithm?.() ?? scored, usual),
    again: (image) => again(image).under(usual),
  };
}

/** Each image's seed as often as there are images made of it, side by side. `[batch, classes]` */
function repeated(seed: Tensor, batch: number): Tensor {
  const [images, classes] = seed.shape;
  if (images === batch) return seed;
  const each = batch / images;
  return reshape(expand(reshape(seed, [images, 1, classes]), [images, each, classes]), [batch, classes]);
}
