import { combine, rename, type Dialect } from './dialect.js';
import { dinov2 } from './dinov2.js';
import { timm } from './timm.js';
import { plusFirstPosition, withoutFirstPosition } from './transforms.js';

/**
 * DINOv2 with registers, as it was published: the class token has a position of its own, which timm adds to the token,
 * because the registers have none.
 * @see https://github.com/facebookresearch/dinov2/blob/main/dinov2/models/vision_transformer.py
 */
export const dinov2Registers: Dialect = {
  name: 'DINOv2 with registers',
  signs: [...timm.signs, 'register_tokens'],
  rules: [
    ...dinov2.rules,
    rename('register_tokens', 'reg_token'),
    combine(['cls_token', 'pos_embed'], 'cls_token', plusFirstPosition),
    rename('pos_embed', 'pos_embed', withoutFirstPosition),
  ],
  drops: dinov2.drops,
};
