import {
  compile,
  explain,
  gradient,
  input,
  mean,
  record,
  reshape,
  select,
  slice,
  type Backend,
  type MethodName,
  type MethodOptions,
  type Program,
  type Tensor,
  type Values,
  type VisionTransformer,
} from 'vitrine';

const plain: MethodOptions = { headFusion: 'mean', discardRatio: 0, variant: 'relu-of-mean' };

/** What is measured: methods with their options, and the raw attention of the last block beside them. */
const methods: Readonly<Record<string, readonly [MethodName, Partial<MethodOptions>]>> = {
  'gradient rollout': ['gradient-rollout', {}],
  'gradient rollout, mean of relu': ['gradient-rollout', { variant: 'mean-of-relu' }],
  'gradient rollout, gradient times fused': ['gradient-rollout', { variant: 'grad-times-fused' }],
  'gradient rollout, signed': ['gradient-rollout', { variant: 'signed' }],
  'Chefer et al. 2021': ['chefer-iccv21', {}],
  'attention Grad-CAM': ['attention-gradcam', {}],
  rollout: ['rollout', {}],
};

export const rawAttention = 'raw attention';
export const mapNames: readonly string[] = [...Object.keys(methods), rawAttention];

/** A program that computes the logits and all maps of a batch; input `seed` says which class of each image is explained. */
export async function compileMaps(
  model: VisionTransformer,
  batch: number,
  backend: Backend,
): Promise<Program> {
  const { channels, imageSize, classes } = model.config;
  const image = input('image', [batch, channels, imageSize, imageSize]);
  const { output: logits, recorded } = record(model, image, /attn_drop$/);
  const attentions = [...recorded.values()];
  const gradients = gradient(logits, attentions, { seed: input('seed', [batch, classes]) });
  const outputs: Record<string, Tensor> = { logits };
  for (const [name, [method, options]] of Object.entries(methods)) {
    outputs[name] = explain(method, attentions, gradients, model.geometry, { ...plain, ...options });
  }
  const { prefixTokens, grid } = model.geometry;
  const fused = mean(attentions[attentions.length - 1], { axes: 1 }); // [batch, tokens, tokens]
  outputs[rawAttention] = reshape(slice(select(fused, 1, 0), 1, prefixTokens), [batch, ...grid]);
  return compile(outputs, backend);
}

/** The part of a result that belongs to one image of the batch. */
export function ofImage(values: Values, image: number, batch: number): Values {
  const size = values.length / batch;
  return values.subarray(image * size, (image + 1) * size);
}
