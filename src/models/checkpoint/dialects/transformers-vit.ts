import { combine, drop, rename, type Dialect } from './dialect.js';
import { stacked } from './transforms.js';

const attention = 'encoder.layer.{n}.attention.attention';

/** What ViT, DeiT and DINOv2 of transformers have alike. */
export const transformersRules = [
  rename('embeddings.cls_token', 'cls_token'),
  rename('embeddings.position_embeddings', 'pos_embed'),
  rename('embeddings.patch_embeddings.projection.{p}', 'patch_embed.proj.{p}'),
  combine(
    [`${attention}.query.{p}`, `${attention}.key.{p}`, `${attention}.value.{p}`],
    'blocks.{n}.attn.qkv.{p}',
    stacked(),
  ),
  rename('encoder.layer.{n}.attention.output.dense.{p}', 'blocks.{n}.attn.proj.{p}'),
  rename('layernorm.{p}', 'norm.{p}'),
];

/**
 * ViT and DeiT as transformers has them.
 * @see https://github.com/huggingface/transformers/blob/v4.57.1/src/transformers/models/vit/modeling_vit.py
 */
export const transformersViT: Dialect = {
  name: 'transformers, ViT or DeiT',
  signs: ['embeddings.patch_embeddings.projection.weight', 'encoder.layer.0.layernorm_before.weight'],
  rules: [
    ...transformersRules,
    rename('embeddings.distillation_token', 'dist_token'),
    rename('encoder.layer.{n}.layernorm_before.{p}', 'blocks.{n}.norm1.{p}'),
    rename('encoder.layer.{n}.layernorm_after.{p}', 'blocks.{n}.norm2.{p}'),
    rename('encoder.layer.{n}.intermediate.dense.{p}', 'blocks.{n}.mlp.fc1.{p}'),
    rename('encoder.layer.{n}.output.dense.{p}', 'blocks.{n}.mlp.fc2.{p}'),
    rename('classifier.{p}', 'head.{p}'),
    rename('cls_classifier.{p}', 'head.{p}'),
    rename('distillation_classifier.{p}', 'head_dist.{p}'),
  ],
  drops: [
    ...drop('a layer after the class token that its classifiers do without', 'pooler.dense.{p}'),
    ...drop('for masked patches, in training alone', 'embeddings.mask_token'),
    ...drop('a decoder, for training alone', 'decoder.{x}'),
  ],
};
