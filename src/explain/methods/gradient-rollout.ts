import { mean, multiply, relu, type Tensor } from '../../tensor/index.js';
import { discard } from '../discard.js';
import { fuseHeads, type HeadFusion } from '../heads.js';
import { attentionsAndGradients } from '../layers.js';
import { define } from '../method.js';
import { choice, discardRatio, headFusion, layers } from '../options.js';
import { queryMap, throughNormalised, throughResidual } from '../propagation.js';

type Weighted = (attention: Tensor, gradient: Tensor, fusion: HeadFusion) => Tensor;

const overHeads = (x: Tensor): Tensor => mean(x, { axes: 1 });

/** How attention A and gradient G of a layer become one matrix, `[batch, tokens, tokens]`. */
const weighted = {
  'relu-of-mean': (a, g) => relu(overHeads(multiply(a, g))),
  'mean-of-relu': (a, g) => overHeads(relu(multiply(a, g))),
  'grad-times-fused': (a, g, fusion) => relu(multiply(overHeads(g), fuseHeads(a, fusion))),
  signed: (a, g) => overHeads(multiply(a, g)),
} satisfies Record<string, Weighted>;

export type GradientRolloutVariant = keyof typeof weighted;

export const gradientRolloutVariants = [
  'relu-of-mean',
  'mean-of-relu',
  'grad-times-fused',
  'signed',
] as const satisfies readonly GradientRolloutVariant[];

/** Which options a variant looks at. */
const concerned = {
  'relu-of-mean': ['variant', 'discardRatio', 'layers'],
  'mean-of-relu': ['variant', 'discardRatio', 'layers'],
  'grad-times-fused': ['variant', 'headFusion', 'discardRatio', 'layers'],
  signed: ['variant', 'layers'],
} as const satisfies Record<GradientRolloutVariant, readonly string[]>;

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
  explains: 'a class',
  source: {
    cited: 'Gildenblat 2020',
    title: 'Exploring Explainability for Vision Transformers',
    url: 'https://jacobgil.github.io/deeplearning/vision-transformer-explainability',
  },
  of: 'class',
  options: (extent) => ({
    variant: choice(gradientRolloutVariants, 'how attention and its gradient become one matrix'),
    headFusion,
    discardRatio,
    layers: layers(extent),
  }),
  concerns: ({ variant }) => concerned[variant],
  shows: ({ variant }) => (variant === 'signed' ? 'signed' : 'positive'),
  map(pass, { variant, headFusion: fusion, discardRatio: ratio, layers: range }) {
    const { layout } = pass;
    const matrices = attentionsAndGradients(pass, range).map(({ attention, gradient }) =>
      weighted[variant](attention, gradient, fusion),
    );
    if (variant === 'signed') return queryMap(matrices, layout, throughResidual);
    const kept = matrices.map((matrix) => discard(matrix, ratio, layout.prefixTokens));
    return queryMap(kept, layout, throughNormalised);
  },
});
