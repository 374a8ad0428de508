import { UsageError } from '../errors.js';
import {
  defaultMethods,
  defaultMethodsWithoutAttention,
  defaultMethodsWithoutResiduals,
  explained,
  forwardPass,
  NoAttentionError,
  NoResidualsError,
  type AnyMethod,
} from '../explain/index.js';
import type { ModelSizes } from '../geometry.js';
import { sizesOf, VisionTransformer, type VisionTransformerConfig } from '../models/index.js';
import { input } from '../tensor/index.js';

/** What a model may lack that methods are made of. */
interface Lack {
  readonly isIn: (sizes: ModelSizes) => boolean;
  readonly error: new (message: string) => UsageError;
  /** Of the model, for the middle of a sentence. */
  readonly words: string;
  /** What else looks at, and some of it by name: the list of all would come with every page that explains. */
  readonly others: string;
}

const lacks: readonly Lack[] = [
  {
    isIn: ({ withoutAttention }) => withoutAttention === true,
    error: NoAttentionError,
    words: 'whose attention is not by softmax and has no matrices of tokens by tokens',
    others:
      'tokens, channels and gradients, such as token-gradcam, skipplus, input-gradient, space-and-channels',
  },
  {
    isIn: ({ withoutResiduals }) => withoutResiduals === true,
    error: NoResidualsError,
    words: 'whose blocks have no residual connections for them to follow',
    others:
      'attention and gradients as they are, such as attention, attention-gradient, handoff, token-gradcam',
  },
];

function lackOf(config: VisionTransformerConfig): Lack | undefined {
  const sizes = sizesOf(config);
  return lacks.find(({ isIn }) => isIn(sizes));
}

/** What is explained with where no method is named. Not in the table above: methods would come with every page that explains. */
export function defaultMethodsOf(config: VisionTransformerConfig): readonly AnyMethod[] {
  const { withoutAttention, withoutResiduals } = sizesOf(config);
  if (withoutAttention) return defaultMethodsWithoutAttention;
  return withoutResiduals ? defaultMethodsWithoutResiduals : defaultMethods;
}

/**
 * Why some of these methods cannot be had of a model, in a sentence that says which others can; undefined if all can. What is made
 * of attention matrices is undefined on a model that has none, in whose attention no token looks at another; what follows residual
 * connections on one without these.
 */
export function whyUndefined(
  methods: readonly AnyMethod[],
  config: VisionTransformerConfig,
): string | undefined {
  const isDefined = definedOn(config);
  const missing = methods.filter((method) => !isDefined(method)).map(({ name }) => name);
  const lack = lackOf(config);
  if (!lack || missing.length === 0) return undefined;
  return (
    `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} undefined on this model, ${lack.words}; choose among those that ` +
    `look at ${lack.others}.`
  );
}

/** @throws UsageError that says which methods are undefined on a model, and which are not */
export function checkDefined(methods: readonly AnyMethod[], config: VisionTransformerConfig): void {
  const why = whyUndefined(methods, config);
  if (why !== undefined) throw new UsageError(why);
}

/**
 * Tells of methods whether they are defined on a model, by beginning their graphs: tensors are lazy, so nothing is computed, and
 * no method need say what it is made of.
 */
export function definedOn(config: VisionTransformerConfig): (method: AnyMethod) => boolean {
  if (!lackOf(config)) return () => true;
  const model = new VisionTransformer(config);
  const pass = forwardPass(model, input('image', [1, ...model.inputShape]));
  const subject = explained(pass, input('seed', pass.logits.shape));
  return (method) => {
    try {
      method.map(subject, {});
      return true;
    } catch (error) {
      if (lacks.some((lack) => error instanceof lack.error)) return false;
      throw error;
    }
  };
}
