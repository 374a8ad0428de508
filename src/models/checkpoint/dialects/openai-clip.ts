import { rename, type Dialect } from './dialect.js';
import { textDrops } from './drops.js';
import { permuted, withBatchAxis, zerosAlong } from './transforms.js';

const block = 'visual.transformer.resblocks.{n}';

/**
 * CLIP as OpenAI published it and OpenCLIP has it. timm has the projection into the space that pictures and texts share
 * for a head, with a bias of zeros.
 * @see https://github.com/openai/CLIP/blob/main/clip/model.py
 */
export const openaiClip: Dialect = {
  name: 'OpenAI CLIP or OpenCLIP',
  signs: ['visual.conv1.weight', 'visual.class_embedding'],
  rules: [
    rename('visual.conv1.{p}', 'patch_embed.proj.{p}'),
    rename('visual.class_embedding', 'cls_token', withBatchAxis),
    rename('visual.positional_embedding', 'pos_embed', withBatchAxis),
    rename('visual.ln_pre.{p}', 'norm_pre.{p}'),
    rename(`${block}.ln_1.{p}`, 'blocks.{n}.norm1.{p}'),
    rename(`${block}.ln_2.{p}`, 'blocks.{n}.norm2.{p}'),
    rename(`${block}.attn.in_proj_weight`, 'blocks.{n}.attn.qkv.weight'),
    rename(`${block}.attn.in_proj_bias`, 'blocks.{n}.attn.qkv.bias'),
    rename(`${block}.attn.out_proj.{p}`, 'blocks.{n}.attn.proj.{p}'),
    rename(`${block}.mlp.c_fc.{p}`, 'blocks.{n}.mlp.fc1.{p}'),
    rename(`${block}.mlp.c_proj.{p}`, 'blocks.{n}.mlp.fc2.{p}'),
    rename(`${block}.ls_1.gamma`, 'blocks.{n}.ls1.gamma'),
    rename(`${block}.ls_2.gamma`, 'blocks.{n}.ls2.gamma'),
    rename('visual.ln_post.{p}', 'norm.{p}'),
    rename('visual.proj', 'head.weight', permuted(1, 0)),
    rename('visual.proj', 'head.bias', zerosAlong(1)),
  ],
  drops: textDrops,
};
