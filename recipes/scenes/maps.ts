import {
  attentionGradcam,
  cheferIccv21,
  chooseMethods,
  define,
  gradientRollout,
  mean,
  reshape,
  rollout,
  select,
  slice,
  type AnyMethod,
  type ChosenMethod,
  type VisionTransformerConfig,
} from 'vitrine';

/** The attention of the last block as it is: what the methods are to be better than. */
const rawAttention = define({
  name: 'raw-attention',
  explains: 'what the class token looked at in the last block',
  source: {
    cited: 'Vaswani et al. 2017',
    title: 'Attention Is All You Need',
    url: 'https://arxiv.org/abs/1706.03762',
  },
  of: 'pass',
  options: () => ({}),
  map({ layers, layout: { prefixTokens, grid } }) {
    const fused = mean(layers[layers.length - 1].attention, { axes: 1 }); // [batch, tokens, tokens]
    return reshape(slice(select(fused, 1, 0), 1, prefixTokens), [fused.shape[0], ...grid]);
  },
});

/**
 * What is measured: methods with their options.
 * @param config of the model
 */
export function measuredMethods(
  config: VisionTransformerConfig,
): readonly (ChosenMethod & { readonly title: string })[] {
  const chosen = (title: string, method: AnyMethod, given: Record<string, unknown> = {}) => {
    return { title, ...chooseMethods([method], given, config)[0] };
  };
  return [
    chosen('gradient rollout', gradientRollout),
    chosen('gradient rollout, mean of relu', gradientRollout, { variant: 'mean-of-relu' }),
    chosen('gradient rollout, gradient times fused', gradientRollout, { variant: 'grad-times-fused' }),
    chosen('gradient rollout, signed', gradientRollout, { variant: 'signed' }),
    chosen('Chefer et al. 2021', cheferIccv21),
    chosen('attention Grad-CAM', attentionGradcam),
    chosen('rollout', rollout),
    chosen('raw attention', rawAttention),
  ];
}
