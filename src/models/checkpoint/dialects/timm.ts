import { rename, type Dialect } from './dialect.js';
import { textDrops, trainingDrops } from './drops.js';
import { zerosAlong } from './transforms.js';

/**
 * timm's own names, which are those of DeiT, DINO and MAE too. OpenCLIP has timm's models within its own, with a
 * projection beside them that timm has for a head.
 * @see https://github.com/huggingface/pytorch-image-models/blob/main/timm/models/vision_transformer.py
 */
export const timm: Dialect = {
  name: 'timm',
  signs: ['patch_embed.proj.weight'],
  rules: [rename('head.proj.weight', 'head.weight'), rename('head.proj.weight', 'head.bias', zerosAlong(0))],
  drops: [...trainingDrops, ...textDrops],
};
