import { drop, rename, type Dialect } from './dialect.js';
import { textDrops } from './drops.js';
import { towerRules } from './transformers-clip.js';
import { rows } from './transforms.js';

/**
 * SigLIP as transformers has it, with the attention of a learned query that makes one token of all.
 * @see https://github.com/huggingface/transformers/blob/v4.57.1/src/transformers/models/siglip/modeling_siglip.py
 */
export const transformersSiglip: Dialect = {
  name: 'transformers, SigLIP',
  signs: [
    'embeddings.patch_embedding.weight',
    'embeddings.patch_embedding.bias',
    'encoder.layers.0.self_attn.q_proj.weight',
  ],
  rules: [
    ...towerRules,
    rename('head.probe', 'attn_pool.latent'),
    rename('head.attention.in_proj_weight', 'attn_pool.q.weight', rows(0, 1, 3)),
    rename('head.attention.in_proj_weight', 'attn_pool.kv.weight', rows(1, 3, 3)),
    rename('head.attention.in_proj_bias', 'attn_pool.q.bias', rows(0, 1, 3)),
    rename('head.attention.in_proj_bias', 'attn_pool.kv.bias', rows(1, 3, 3)),
    rename('head.attention.out_proj.{p}', 'attn_pool.proj.{p}'),
    rename('head.layernorm.{p}', 'attn_pool.norm.{p}'),
    rename('head.mlp.fc1.{p}', 'attn_pool.mlp.fc1.{p}'),
    rename('head.mlp.fc2.{p}', 'attn_pool.mlp.fc2.{p}'),
    rename('classifier.{p}', 'head.{p}'),
  ],
  drops: [...textDrops, ...drop('numbers of positions', 'embeddings.position_ids')],
};
