import { UsageError } from '../errors.js';
import type { TokenGeometry } from '../geometry.js';
import { record, type Module } from '../nn/index.js';
import { gradient, multiply, sum, type Rules, type Tensor } from '../tensor/index.js';
import { checkTensors } from '../tensor/tensor.js';

/** One block of a forward pass. Tokens are `[batch, tokens, width]`. */
export interface Layer {
  /** After the softmax, a row for each query. `[batch, heads, tokens, tokens]` */
  readonly attention: Tensor;
  /** `[batch, heads, tokens, headWidth]`, as are key and value. */
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
  /** The tokens that enter the block. */
  readonly tokens: Tensor;
  /** Between the attention, its residual included, and the MLP. */
  readonly middle: Tensor;
  /** After the MLP's activation and, if it has one, its gate. `[batch, tokens, hidden]` */
  readonly hidden: Tensor;
  /** The tokens that leave the block. */
  readonly after: Tensor;
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
  /** What the classifier makes of tokens `[batch, tokens, width]`: logits `[batch, classes]`. */
  classify(tokens: Tensor): Tensor;
  /** The same model on another input. */
  again(image: Tensor): Pass;
}

/** A forward pass together with what is explained about it. */
export interface Explained extends Pass {
  /** Of each image. `[batch]` */
  readonly score: Tensor;
  /**
   * Gradients of the sum of all scores, whose images do not touch each other.
   * @param of tensors of this pass, or any that its logits depend on. Each is worked out once, however often it is asked for;
   *   those asked for together share a backward pass, which otherwise the compiler finds to be the same
   * @param rules in the place of some derivatives; the same object stands for the same backward pass
   * @returns one tensor for each, of its shape
   */
  gradient(of: readonly Tensor[], rules?: Partial<Rules>): readonly Tensor[];
  /** The same model on another input, explained by the same seed. */
  again(image: Tensor): Explained;
}

/** A model that can be looked at: it has timm's names inside. */
export interface Explainable extends Module {
  readonly geometry: TokenGeometry;
  classify(tokens: Tensor): Tensor;
  query(tokens: Tensor): Tensor;
}

/** What of a block is kept, by the module whose output it is. */
const outputs = {
  attention: 'attn.attn_drop',
  query: 'attn.q_norm',
  key: 'attn.k_norm',
  value: 'attn.v_norm',
} as const;

/** And by the module that is applied to it. */
const given = { middle: 'norm2', hidden: 'mlp.norm' } as const;

/**
 * Applies a model and keeps everything that methods look at.
 * @throws UsageError if the model lacks a module that is looked at
 */
export function forwardPass(model: Explainable, image: Tensor): Pass {
  const inside = [...Object.values(outputs), ...Object.values(given)].join('|').replaceAll('.', '\\.');
  const pattern = new RegExp(`^blocks\\.\\d+(\\.(${inside}))?$`);
  const { output: logits, recorded, inputs } = record(model, image, pattern);
  const found = (from: ReadonlyMap<string, Tensor>, name: string): Tensor => {
    const tensor = from.get(name);
    if (!tensor) throw new UsageError(`The model has no module "${name}", which explanations look at.`);
    return tensor;
  };
  const blocks = [...recorded.keys()].filter((name) => /^blocks\.\d+$/.test(name));
  const numberOf = (block: string): number => Number(block.split('.')[1]);
  const layers = blocks
    .sort((a, b) => numberOf(a) - numberOf(b))
    .map((block): Layer => {
      const of = (from: ReadonlyMap<string, Tensor>, names: Readonly<Record<string, string>>) =>
        Object.entries(names).map(([what, name]) => [what, found(from, `${block}.${name}`)]);
      return {
        ...(Object.fromEntries(of(recorded, outputs)) as Record<keyof typeof outputs, Tensor>),
        ...(Object.fromEntries(of(inputs, given)) as Record<keyof typeof given, Tensor>),
        tokens: found(inputs, block),
        after: found(recorded, block),
      };
    });
  const last = layers.at(-1);
  if (!last) throw new UsageError('The model has no blocks, which explanations look at.');
  return {
    image,
    logits,
    layers,
    layout: model.geometry,
    query: model.query(last.after),
    classify: (tokens) => model.classify(tokens),
    again: (other) => forwardPass(model, other),
  };
}

/**
 * A pass with what is explained about it.
 * @param seed what each class counts in the score, `[batch, classes]`: 1 for one class; also negative. It is a
 *   constant of the gradient, wherever it comes from. See `targetInput`.
 */
export function explained(pass: Pass, seed: Tensor): Explained {
  const { logits } = Object(pass) as Pass;
  checkTensors('explained', logits, seed);
  const known = new Map<Partial<Rules> | undefined, Map<Tensor, Tensor>>();
  return {
    ...pass,
    score: sum(multiply(logits, seed), { axes: 1 }),
    gradient(of, rules) {
      const gradients = known.get(rules) ?? new Map<Tensor, Tensor>();
      known.set(rules, gradients);
      const missing = of.filter((tensor) => !gradients.has(tensor));
      if (missing.length > 0) {
        const options = { seed, ...(rules === undefined ? {} : { rules }) };
        gradient(logits, missing, options).forEach((found, i) => gradients.set(missing[i], found));
      }
      return of.map((tensor) => gradients.get(tensor)!);
    },
    again: (other) => explained(pass.again(other), seed),
  };
}
