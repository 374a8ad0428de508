import { combine, drop, rename, type Dialect } from './dialect.js';
import { textDrops } from './drops.js';
import { stacked, withBatchAxis, zerosAlong } from './transforms.js';

const layer = 'encoder.layers.{n}';

/** What the towers of CLIP and SigLIP in transformers have alike. */
export const towerRules = [
  rename('embeddings.patch_embedding.{p}', 'patch_embed.proj.{p}'),
  rename('embeddings.position_embedding.weight', 'pos_embed', withBatchAxis),
  combine(
    [`${layer}.self_attn.q_proj.{p}`, `${layer}.self_attn.k_proj.{p}`, `${layer}.self_attn.v_proj.{p}`],
    'blocks.{n}.attn.qkv.{p}',
    stacked(),
  ),
  rename(`${layer}.self_attn.out_proj.{p}`, 'blocks.{n}.attn.proj.{p}'),
  rename(`${layer}.layer_norm1.{p}`, 'blocks.{n}.norm1.{p}'),
  rename(`${layer}.layer_norm2.{p}`, 'blocks.{n}.norm2.{p}'),
  rename(`${layer}.mlp.fc1.{p}`, 'blocks.{n}.mlp.fc1.{p}'),
  rename(`${layer}.mlp.fc2.{p}`, 'blocks.{n}.mlp.fc2.{p}'),
  rename('post_layernorm.{p}', 'norm.{p}'),
];

/**
 * CLIP as transformers has it (`pre_layrnorm` is spelt so). timm has the projection into the space that pictures and texts
 * share for a head, with a bias of zeros.
 * @see https://github.com/huggingface/transformers/blob/v4.57.1/src/transformers/models/clip/modeling_clip.py
 */
export const transformersClip: Dialect = {
  name: 'transformers, CLIP',
  signs: ['embeddings.patch_embedding.weight', 'embeddings.class_embedding', 'pre_layrnorm.weight'],
  rules: [
    ...towerRules,
    rename('embeddings.class_embedding', 'cls_token', withBatchAxis),
    rename('pre_layrnorm.{p}', 'norm_pre.{p}'),
    rename('visual_projection.weight', 'head.weight'),
    rename('visual_projection.weight', 'head.bias', zerosAlong(0)),
    rename('classifier.{p}', 'head.{p}'),
  ],
  drops: [...textDrops, ...drop('numbers of positions', 'embeddings.position_ids')],
};
