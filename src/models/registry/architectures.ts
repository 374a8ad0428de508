import { configOfTimm, type TimmArguments } from '../configuration/timm-arguments.js';
import type { VisionTransformerConfig } from '../vision-transformer-config.js';
import { architectureTable } from './data/architectures.js';
import { refusal } from './refusal.js';
import { once, rowsOf } from './table.js';

/** What the words of the table mean. */
const words: Readonly<Record<string, TimmArguments>> = {
  'no-class': { class_token: false },
  distilled: { distilled: true },
  reg1: { reg_tokens: 1 },
  reg4: { reg_tokens: 4 },
  'no-embed-class': { no_embed_class: true },
  avg: { global_pool: 'avg' },
  map: { global_pool: 'map' },
  'norm-first': { fc_norm: false },
  'no-norm': { final_norm: false },
  'pre-norm': { pre_norm: true },
  'patch-norm': { embed_norm_layer: 'rmsnorm' },
  'no-qkv-bias': { qkv_bias: false },
  'no-bias': { qkv_bias: false, proj_bias: false },
  'layer-scale': { init_values: 1e-5 },
  'scale-norms': { scale_attn_norm: true, scale_mlp_norm: true },
  'gelu-tanh': { act_layer: 'gelu_tanh' },
  'quick-gelu': { act_layer: 'quick_gelu' },
  'swiglu-packed': { mlp_layer: 'SwiGLUPacked', act_layer: 'silu' },
  'swiglu-split': { mlp_layer: 'SwiGLU', act_layer: 'silu' },
  rms: { norm_layer: 'rmsnorm' },
  'eps-1e-5': { norm_eps: 1e-5 },
};

const rows = once(() => new Map(rowsOf(architectureTable).map(([name, ...row]) => [name, row])));

/** timm's names of all that are known, with or without published weights. */
export function architectureNames(): readonly string[] {
  return [...rows().keys()];
}

export function isArchitecture(name: string): boolean {
  return rows().has(name);
}

/**
 * What timm's `VisionTransformer` is built with for an architecture, but for `num_classes`, which is the checkpoint's.
 * @throws UsageError for one that is not known, which says what it is or which names are near
 */
export function architectureArguments(name: string): TimmArguments {
  const row = rows().get(name);
  if (!row) throw refusal('architecture', name, architectureNames());
  const [width, depth, heads, hidden, patch, image] = row.slice(0, 6).map(Number);
  const special = row.slice(6);
  // Of a packed SwiGLU timm counts gate and value.
  const expanded = special.includes('swiglu-packed') ? 2 * hidden : hidden;
  return Object.assign(
    {
      img_size: image,
      patch_size: patch,
      embed_dim: width,
      depth,
      num_heads: heads,
      mlp_ratio: expanded / width,
    },
    ...special.map((word) => words[word]),
  ) as TimmArguments;
}

/**
 * @param classes of the classifier; 0 for none
 * @throws UsageError as `architectureArguments`
 */
export function architectureConfig(name: string, classes = 1000): VisionTransformerConfig {
  return configOfTimm({ ...architectureArguments(name), num_classes: classes }, name);
}
