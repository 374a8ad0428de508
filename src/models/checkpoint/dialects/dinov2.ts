import { rename, type Dialect } from './dialect.js';
import { timm } from './timm.js';

/**
 * DINOv2 as it was published.
 * @see https://github.com/facebookresearch/dinov2/blob/main/dinov2/models/vision_transformer.py
 */
export const dinov2: Dialect = {
  name: 'DINOv2',
  signs: [...timm.signs, 'mask_token', 'blocks.0.ls1.gamma'],
  rules: [
    rename('blocks.{n}.mlp.w12.{p}', 'blocks.{n}.mlp.fc1.{p}'),
    rename('blocks.{n}.mlp.w3.{p}', 'blocks.{n}.mlp.fc2.{p}'),
  ],
  drops: timm.drops,
};
