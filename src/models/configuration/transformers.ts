import * as is from 'valibot';
import { UsageError } from '../../errors.js';
import type { MlpKind } from '../../nn/index.js';
import type { VisionTransformerConfig } from '../vision-transformer-config.js';
import { checked, count, extent, size } from './checked.js';
import type { ModelDescription } from './description.js';
import { names, namesByIndex, type Names } from './labels.js';

/*
 * `config.json` as the library transformers writes it. Its names and defaults are from that library's documentation of each
 * model's configuration, version 4.
 */

const activations: Readonly<Record<string, MlpKind>> = {
  gelu: 'gelu',
  gelu_pytorch_tanh: 'gelu-tanh',
  gelu_new: 'gelu-tanh',
  quick_gelu: 'quick-gelu',
};

const common = {
  architectures: is.optional(is.nullable(is.array(is.string()))),
  hidden_size: is.optional(size, 768),
  num_hidden_layers: is.optional(size, 12),
  num_attention_heads: is.optional(size, 12),
  num_channels: is.optional(size, 3),
  id2label: is.optional(names),
  num_labels: is.optional(count),
};

const vit = is.object({
  ...common,
  image_size: is.optional(extent, 224),
  patch_size: is.optional(extent, 16),
  intermediate_size: is.optional(size, 3072),
  hidden_act: is.optional(is.string(), 'gelu'),
  layer_norm_eps: is.optional(is.number(), 1e-12),
  qkv_bias: is.optional(is.boolean(), true),
});

const dinov2 = is.object({
  ...common,
  image_size: is.optional(extent, 224),
  patch_size: is.optional(extent, 16),
  mlp_ratio: is.optional(is.number(), 4),
  hidden_act: is.optional(is.string(), 'gelu'),
  layer_norm_eps: is.optional(is.number(), 1e-6),
  qkv_bias: is.optional(is.boolean(), true),
  use_swiglu_ffn: is.optional(is.boolean(), false),
  num_register_tokens: is.optional(count, 4),
});

const clip = is.object({
  ...common,
  image_size: is.optional(extent, 224),
  patch_size: is.optional(extent, 32),
  intermediate_size: is.optional(size, 3072),
  projection_dim: is.optional(size, 512),
  hidden_act: is.optional(is.string(), 'quick_gelu'),
  layer_norm_eps: is.optional(is.number(), 1e-5),
});

const siglip = is.object({
  ...common,
  image_size: is.optional(extent, 224),
  patch_size: is.optional(extent, 16),
  intermediate_size: is.optional(size, 3072),
  hidden_act: is.optional(is.string(), 'gelu_pytorch_tanh'),
  layer_norm_eps: is.optional(is.number(), 1e-6),
});

interface Given {
  readonly config: unknown;
  /** The classes that its architecture has: 0 if that has no classifier. */
  readonly source: string;
}

type Reader = (given: Given) => VisionTransformerConfig;

const readers: Readonly<Record<string, Reader>> = {
  vit: (given) => plain(given),
  deit: (given) => ({
    ...plain(given),
    distillationToken: true,
    distillationHead: architectureOf(given) === 'DeiTForImageClassificationWithTeacher',
  }),
  dinov2: (given) => dino(given, 0),
  dinov2_with_registers: (given) => {
    const { num_register_tokens: registers } = checked(dinov2, given.config, given.source);
    return { ...dino(given, registers), prefixPositions: false };
  },
  clip: (given) => clipVision(part(given, 'vision_config'), true),
  clip_vision_model: (given) => clipVision(given, architectureOf(given)?.endsWith('WithProjection') ?? false),
  siglip: (given) => siglipVision(part(given, 'vision_config')),
  siglip_vision_model: (given) => siglipVision(given),
};

/** What transformers calls the models that are known here. */
export const transformersTypes: readonly string[] = Object.keys(readers);

/**
 * The configuration that a `config.json` of transformers describes.
 * @throws UsageError for a type that is not known, or an entry that is not supported
 */
export function configOfTransformers(
  config: { readonly model_type: string },
  source: string,
): Pick<ModelDescription, 'config' | 'labels' | 'output'> {
  const { model_type: type } = config;
  if (!Object.hasOwn(readers, type)) {
    throw new UsageError(
      `${source} describes a model of the type "${type}", which is not supported; ` +
        `of transformers there are ${transformersTypes.join(', ')}.`,
    );
  }
  const found = readers[type]({ config, source });
  const { id2label } = checked(is.object({ id2label: common.id2label }), config, source);
  const kind = type.startsWith('clip') ? 'embedding' : 'classes';
  return {
    config: found,
    output: found.classes === 0 ? 'features' : kind,
    labels: namesByIndex(id2label, found.classes),
  };
}

function sizes(
  given: is.InferOutput<typeof siglip>,
  source: string,
): Pick<
  VisionTransformerConfig,
  'imageSize' | 'patchSize' | 'channels' | 'width' | 'depth' | 'heads' | 'hidden' | 'layerNormEpsilon' | 'mlp'
> {
  return {
    imageSize: given.image_size,
    patchSize: given.patch_size,
    channels: given.num_channels,
    width: given.hidden_size,
    depth: given.num_hidden_layers,
    heads: given.num_attention_heads,
    hidden: given.intermediate_size,
    layerNormEpsilon: given.layer_norm_eps,
    mlp: activationOf(given.hidden_act, source),
  };
}

function plain(given: Given): VisionTransformerConfig {
  const found = checked(vit, given.config, given.source);
  return {
    ...sizes(found, given.source),
    classes: classesOf(given, found),
    qkvBias: found.qkv_bias ? 'all' : 'none',
  };
}

function dino(given: Given, registers: number): VisionTransformerConfig {
  const found = checked(dinov2, given.config, given.source);
  const hidden = Math.trunc(found.hidden_size * found.mlp_ratio);
  // Two thirds, rounded up to a multiple of 8.
  const gated = 8 * Math.floor((Math.trunc((hidden * 2) / 3) + 7) / 8);
  const classes = classesOf(given, found);
  return {
    ...sizes({ ...found, intermediate_size: found.use_swiglu_ffn ? gated : hidden }, given.source),
    ...(found.use_swiglu_ffn ? { mlp: 'swiglu' } : {}),
    classes,
    registers,
    qkvBias: found.qkv_bias ? 'all' : 'none',
    layerScale: true,
    pooling: classes > 0 ? 'token-avg' : 'token',
  };
}

function clipVision({ config, source }: Given, isProjected: boolean): VisionTransformerConfig {
  const found = checked(clip, config, source);
  return {
    ...sizes(found, source),
    classes: isProjected ? found.projection_dim : 0,
    preNorm: true,
    patchBias: false,
  };
}

function siglipVision({ config, source }: Given): VisionTransformerConfig {
  return {
    ...sizes(checked(siglip, config, source), source),
    classes: 0,
    classToken: false,
    pooling: 'map',
  };
}

/** The part of a model of several that sees. */
function part({ config, source }: Given, name: string): Given {
  const inside = checked(is.object({ [name]: is.record(is.string(), is.unknown()) }), config, source);
  return { config: inside[name], source: `${source}, ${name}` };
}

function architectureOf({ config }: Given): string | undefined {
  return is.safeParse(is.object({ architectures: is.array(is.string()) }), config).success
    ? (config as { architectures: string[] }).architectures[0]
    : undefined;
}

function classesOf(
  given: Given,
  {
    id2label,
    num_labels: labels,
  }: { readonly id2label?: Names | undefined; readonly num_labels?: number | undefined },
): number {
  if (!architectureOf(given)?.includes('ForImageClassification')) return 0;
  // Two, if nobody says how many.
  return labels ?? (id2label ? Object.keys(id2label).length : 2);
}

function activationOf(name: string, source: string): MlpKind {
  if (Object.hasOwn(activations, name)) return activations[name];
  throw new UsageError(
    `${source}: hidden_act is "${name}", which is not supported; there are ${Object.keys(activations).join(', ')}.`,
  );
}
