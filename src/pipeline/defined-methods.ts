import { UsageError } from '../errors.js';
import {
  defaultMethods,
  defaultMethodsWithoutAttention,
  explained,
  forwardPass,
  NoAttentionError,
  type AnyMethod,
} from '../explain/index.js';
import { sizesOf, VisionTransformer, type VisionTransformerConfig } from '../models/index.js';
import { input } from '../tensor/index.js';

/** What is explained with where no method is named. */
export function defaultMethodsOf(config: VisionTransformerConfig): readonly AnyMethod[] {
  return sizesOf(config).withoutAttention ? defaultMethodsWithoutAttention : defaultMethods;
}

/** Some that are defined without attention matrices, by name: the list of all would come with every page that explains. */
const methodsWithoutAttention = [
  'token-gradcam',
  'skipplus',
  'input-gradient',
  'space-and-channels',
] as const;

/**
 * What is made of attention matrices is undefined on a model that has none, in whose attention no token looks at another.
 * @throws UsageError that says which methods are, and which are not
 */
export function checkDefined(methods: readonly AnyMethod[], config: VisionTransformerConfig): void {
  const isDefined = definedOn(config);
  const missing = methods.filter((method) => !isDefined(method)).map(({ name }) => name);
  if (missing.length === 0) return;
  throw new UsageError(
    `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} undefined on this model, whose attention is not by softmax and ` +
      'has no matrices of tokens by tokens; choose among those that look at tokens, channels and gradients, such as ' +
      `${methodsWithoutAttention.join(', ')}.`,
  );
}

/**
 * Tells of methods whether they are defined on a model, by beginning their graphs: tensors are lazy, so nothing is computed, and
 * no method need say what it is made of.
 */
export function definedOn(config: VisionTransformerConfig): (method: AnyMethod) => boolean {
  if (!sizesOf(config).withoutAttention) return () => true;
  const model = new VisionTransformer(config);
  const pass = forwardPass(model, input('image', [1, ...model.inputShape]));
  const subject = explained(pass, input('seed', pass.logits.shape));
  return (method) => {
    try {
      method.map(subject, {});
      return true;
    } catch (error) {
      if (error instanceof NoAttentionError) return false;
      throw error;
    }
  };
}
