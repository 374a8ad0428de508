import { mean, multiply, relu, type Tensor } from '../../tensor/index.js';
import { discard } from '../discard.js';
import { fuseHeads, type HeadFusion } from '../heads.js';
import { attentionsAndGradients } from '../layers.js';
import { define } from '../method.js';
import { choice, discardRatio, headFusion, layers } from '../options.js';
import { queryMap, throughNormalised, throughResidual } from '../propagation.js';
import { visionTransformerExplainability } from '../sources.js';

/** How attention A and gradient G of a layer become one matrix `[batch, tokens, tokens]`, and which options that takes. */
interface Variant {
  readonly weigh: (attention: Tensor, gradient: Tensor, fusion: HeadFusion) => Tensor;
  readonly concerns: readonly ('variant' | 'headFusion' | 'discardRatio' | 'layers')[];
}

const overHeads = (x: Tensor): Tensor => mean(x, { axes: 1 });

const variants = {
  'relu-of-mean': {
    weigh: (a, g) => relu(overHeads(multiply(a, g))),
    concerns: ['variant', 'discardRatio', 'layers'],
  },
  'mean-of-relu': {
    weigh: (a, g) => overHeads(relu(multiply(a, g))),
    concerns: ['variant', 'discardRatio', 'layers'],
  },
  'grad-times-fused': {
    weigh: (a, g, fusion) => relu(multiply(overHeads(g), fuseHeads(a, fusion))),
    concerns: ['variant', 'headFusion', 'discardRatio', 'layers'],
  },
  signed: { weigh: (a, g) => overHeads(multiply(a, g)), concerns: ['variant', 'layers'] },
} as const satisfies Record<string, Variant>;

export type GradientRolloutVariant = keyof typeof variants;

/** Names of the variants; the first is the default. */
export const gradientRolloutVariants = Object.keys(variants) as [
  GradientRolloutVariant,
  ...GradientRolloutVariant[],
];

/**
 * Attention rollout in which each layer's attention A is weighted by the gradient G of the explained class with respect
 * to it. F takes the place of the fused attention:
 *
 *   relu-of-mean       F = relu(mean_h(A G))
 *   mean-of-relu       F = mean_h(relu(A G))               per-head rectification
 *   grad-times-fused   F = relu(mean_h(G) fuse_h(A))
 *
 *   signed             R = R + mean_h(A G) R, no rectification and no normalisation: evidence against the class
 *                      stays negative
 *
 * Sources: Gildenblat, "Exploring Explainability for Vision Transformers", 2020; per-head rectification: Chefer,
 * Gur and Wolf, "Generic Attention-model Explainability", 2021, equation 5.
 */
export const gradientRollout = define({
  name: 'gradient-rollout',
  explains: 'a class, by rollout of attention times gradient',
  source: visionTransformerExplainability,
  of: 'class',
  options: (model) => ({
    variant: choice(gradientRolloutVariants, 'how attention and its gradient become one matrix'),
    headFusion,
    discardRatio,
    layers: layers(model),
  }),
  concerns: ({ variant }) => variants[variant].concerns,
  shows: ({ variant }) => (variant === 'signed' ? 'signed' : 'positive'),
  map(pass, { variant, headFusion: fusion, discardRatio: ratio, layers: range }) {
    const matrices = attentionsAndGradients(pass, range).map(({ attention, gradient }) =>
      variants[variant].weigh(attention, gradient, fusion),
    );
    if (variant === 'signed') return queryMap(matrices, pass, throughResidual);
    const kept = matrices.map((matrix) => discard(matrix, ratio, pass.layout.prefixTokens));
    return queryMap(kept, pass, throughNormalised);
  },
});
