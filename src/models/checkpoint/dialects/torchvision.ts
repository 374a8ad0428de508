import { rename, type Dialect } from './dialect.js';

const layer = 'encoder.layers.encoder_layer_{n}';

/**
 * torchvision's vision transformers, with the names of the layers of the MLP before and since version 0.13.
 * @see https://github.com/pytorch/vision/blob/v0.24.1/torchvision/models/vision_transformer.py
 */
export const torchvision: Dialect = {
  name: 'torchvision',
  signs: ['conv_proj.weight', 'encoder.pos_embedding'],
  rules: [
    rename('class_token', 'cls_token'),
    rename('conv_proj.{p}', 'patch_embed.proj.{p}'),
    rename('encoder.pos_embedding', 'pos_embed'),
    rename(`${layer}.ln_1.{p}`, 'blocks.{n}.norm1.{p}'),
    rename(`${layer}.ln_2.{p}`, 'blocks.{n}.norm2.{p}'),
    rename(`${layer}.self_attention.in_proj_weight`, 'blocks.{n}.attn.qkv.weight'),
    rename(`${layer}.self_attention.in_proj_bias`, 'blocks.{n}.attn.qkv.bias'),
    rename(`${layer}.self_attention.out_proj.{p}`, 'blocks.{n}.attn.proj.{p}'),
    rename(`${layer}.mlp.0.{p}`, 'blocks.{n}.mlp.fc1.{p}'),
    rename(`${layer}.mlp.3.{p}`, 'blocks.{n}.mlp.fc2.{p}'),
    rename(`${layer}.mlp.linear_1.{p}`, 'blocks.{n}.mlp.fc1.{p}'),
    rename(`${layer}.mlp.linear_2.{p}`, 'blocks.{n}.mlp.fc2.{p}'),
    rename('encoder.ln.{p}', 'norm.{p}'),
    rename('heads.head.{p}', 'head.{p}'),
  ],
  drops: [],
};
