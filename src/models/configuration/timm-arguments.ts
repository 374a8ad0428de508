import * as is from 'valibot';
import { UsageError } from '../../errors.js';
import type { MlpKind } from '../../nn/index.js';
import type { PoolingKind } from '../pooling.js';
import type { FinalNorm, VisionTransformerConfig } from '../vision-transformer-config.js';
import { checked, count, extent } from './checked.js';

/*
 * The arguments of timm's `VisionTransformer`, under its names and with its defaults. Source: timm 1.0,
 * timm/models/vision_transformer.py.
 */

const flag = (usual: boolean) => is.optional(is.boolean(), usual);
const ignored = is.optional(is.unknown());

/** What acts only while a model is trained, or only says how it began. */
const training = {
  drop_rate: ignored,
  pos_drop_rate: ignored,
  patch_drop_rate: ignored,
  proj_drop_rate: ignored,
  attn_drop_rate: ignored,
  drop_path_rate: ignored,
  weight_init: ignored,
  fix_init: ignored,
  dynamic_img_size: ignored,
  strict_img_size: ignored,
};

const schema = is.strictObject({
  ...training,
  img_size: is.optional(extent, 224),
  patch_size: is.optional(extent, 16),
  in_chans: is.optional(count, 3),
  num_classes: is.optional(count, 1000),
  global_pool: is.optional(is.picklist(['token', 'avg', 'max', 'map']), 'token'),
  embed_dim: is.optional(count, 768),
  depth: is.optional(count, 12),
  num_heads: is.optional(count, 12),
  mlp_ratio: is.optional(is.number(), 4),
  qkv_bias: flag(true),
  qk_norm: flag(false),
  scale_attn_norm: flag(false),
  scale_mlp_norm: flag(false),
  proj_bias: flag(true),
  init_values: is.optional(is.nullable(is.number()), null),
  class_token: flag(true),
  pos_embed: is.optional(is.literal('learn'), 'learn'),
  no_embed_class: flag(false),
  reg_tokens: is.optional(count, 0),
  pre_norm: flag(false),
  final_norm: flag(true),
  fc_norm: is.optional(is.nullable(is.boolean()), null),
  pool_include_prefix: flag(false),
  distilled: flag(false),
  act_layer: is.optional(is.picklist(['gelu', 'gelu_tanh', 'quick_gelu', 'silu']), 'gelu'),
  mlp_layer: is.optional(is.picklist(['Mlp', 'SwiGLUPacked', 'GluMlp', 'SwiGLU']), 'Mlp'),
  norm_layer: is.optional(is.picklist(['layernorm', 'rmsnorm']), 'layernorm'),
  embed_norm_layer: is.optional(is.nullable(is.picklist(['layernorm', 'rmsnorm'])), null),
  norm_eps: is.optional(is.number(), 1e-6),
});

export type TimmArguments = is.InferInput<typeof schema>;
type Arguments = is.InferOutput<typeof schema>;

/** Activation of a plain MLP; those that are gated have SiLU. */
const plain: Partial<Record<Arguments['act_layer'], MlpKind>> = {
  gelu: 'gelu',
  gelu_tanh: 'gelu-tanh',
  quick_gelu: 'quick-gelu',
};

/**
 * The configuration of a model that timm builds with these arguments.
 * @param source where they were given, for messages
 * @throws UsageError that names an argument which is unknown, or a value which is not supported
 */
export function configOfTimm(
  given: Readonly<Record<string, unknown>>,
  source: string,
): VisionTransformerConfig {
  const args = checked(schema, given, source);
  const { mlp_layer: layer, embed_dim: width } = args;
  const hidden = Math.trunc(width * args.mlp_ratio);
  return {
    imageSize: args.img_size,
    patchSize: args.patch_size,
    channels: args.in_chans,
    width,
    depth: args.depth,
    heads: args.num_heads,
    // Of a packed SwiGLU the ratio counts gate and value.
    hidden: layer === 'SwiGLUPacked' || layer === 'GluMlp' ? hidden / 2 : hidden,
    classes: args.num_classes,
    layerNormEpsilon: args.norm_eps,
    classToken: args.class_token,
    distillationToken: args.distilled,
    registers: args.reg_tokens,
    prefixPositions: !args.no_embed_class,
    norm: args.norm_layer === 'rmsnorm' ? 'rms' : 'layer',
    // A norm right behind the projection makes its bias superfluous.
    patchBias: !args.pre_norm,
    patchNorm: args.embed_norm_layer !== null,
    preNorm: args.pre_norm,
    qkvBias: args.qkv_bias ? 'all' : 'none',
    blockBias: args.proj_bias,
    queryKeyNorm: args.qk_norm,
    scaleNorm: args.scale_attn_norm && args.scale_mlp_norm,
    // As in Python, 0 is none.
    layerScale: Boolean(args.init_values),
    mlp: mlpOf(args, source),
    pooling: args.global_pool,
    poolPrefix: args.pool_include_prefix,
    finalNorm: finalNormOf(args),
  };
}

function mlpOf({ mlp_layer: layer, act_layer: activation }: Arguments, source: string): MlpKind {
  if (layer === 'SwiGLU') return 'swiglu-split';
  if (layer !== 'Mlp') return 'swiglu';
  const kind = plain[activation];
  if (!kind) throw new UsageError(`${source}: act_layer is "${activation}", which is not supported.`);
  return kind;
}

const averaging: readonly PoolingKind[] = ['avg', 'max'];

function finalNormOf({ final_norm: has, fc_norm: after, global_pool: pool }: Arguments): FinalNorm {
  if (!has) return 'none';
  return (after ?? averaging.includes(pool)) ? 'after-pooling' : 'before-pooling';
}
