import { UsageError } from '../errors.js';
import type { TokenGeometry } from '../geometry.js';
import type { Tensor } from '../tensor/index.js';
import { attentionGradcam } from './attention-gradcam.js';
import { cheferIccv21 } from './chefer-iccv21.js';
import { gradientRollout, type GradientRolloutVariant } from './gradient-rollout.js';
import type { HeadFusion } from './heads.js';
import { rollout } from './rollout.js';
import { vitExplainGradientRollout, vitExplainRollout } from './vit-explain.js';

/** Every method by its name, for those who choose one at run time. */
export const methodNames = ['rollout', 'gradient-rollout', 'chefer-iccv21', 'attention-gradcam'] as const;
export type MethodName = (typeof methodNames)[number];

/** What the methods can be told; each takes what concerns it. */
export interface MethodOptions {
  readonly headFusion: HeadFusion;
  readonly discardRatio: number;
  readonly variant: GradientRolloutVariant;
  /** Computes the map as the named script does. */
  readonly compat?: 'vit-explain';
}

/** Whether a method explains a class, and so needs gradients. */
export function explainsClass(method: MethodName): boolean {
  return method !== 'rollout';
}

/** Whether a map has negative values, which speak against the class. */
export function isSigned(method: MethodName, { variant, compat }: MethodOptions): boolean {
  return method === 'gradient-rollout' && variant === 'signed' && compat === undefined;
}

/** The options that a method looks at: what must be told together with its map. */
export function relevantOptions(method: MethodName, options: MethodOptions): Partial<MethodOptions> {
  const { headFusion, discardRatio, variant, compat } = options;
  if (compat !== undefined) {
    return method === 'rollout' ? { headFusion, discardRatio, compat } : { discardRatio, compat };
  }
  if (method === 'rollout') return { headFusion, discardRatio };
  if (method !== 'gradient-rollout') return {};
  if (variant === 'signed') return { variant };
  return variant === 'grad-times-fused' ? { variant, headFusion, discardRatio } : { variant, discardRatio };
}

/**
 * The map of a method, `[batch, gridRows, gridColumns]`.
 * @param attentions of the layers that take part, first layer first, `[batch, heads, tokens, tokens]`
 * @param gradients with respect to each of them; not looked at by methods that explain no class
 * @throws UsageError if the compatibility asked for does not cover the method
 */
export function explain(
  method: MethodName,
  attentions: readonly Tensor[],
  gradients: readonly Tensor[],
  geometry: TokenGeometry,
  options: MethodOptions,
): Tensor {
  if (options.compat !== undefined) {
    if (method === 'rollout') return vitExplainRollout(attentions, geometry, options);
    if (method === 'gradient-rollout') {
      return vitExplainGradientRollout(attentions, gradients, geometry, options);
    }
    throw new UsageError(`vit-explain has no method "${method}"; it has rollout and gradient-rollout.`);
  }
  switch (method) {
    case 'rollout':
      return rollout(attentions, geometry, options);
    case 'gradient-rollout':
      return gradientRollout(attentions, gradients, geometry, options);
    case 'chefer-iccv21':
      return cheferIccv21(attentions, gradients, geometry);
    case 'attention-gradcam':
      return attentionGradcam(attentions, gradients, geometry);
    default:
      return method satisfies never;
  }
}
