import { combine, rename, type Dialect } from './dialect.js';
import { transformersDinov2 } from './transformers-dinov2.js';
import { plusFirstPosition, withoutFirstPosition } from './transforms.js';

const replaced = new Set(['cls_token', 'pos_embed']);

/**
 * DINOv2 with registers as transformers has it; the position of the class token as in `dinov2Registers`.
 * @see https://github.com/huggingface/transformers/blob/v4.57.1/src/transformers/models/dinov2_with_registers/modeling_dinov2_with_registers.py
 */
export const transformersDinov2Registers: Dialect = {
  name: 'transformers, DINOv2 with registers',
  signs: [...transformersDinov2.signs, 'embeddings.register_tokens'],
  rules: [
    ...transformersDinov2.rules.filter(({ to }) => !replaced.has(to)),
    rename('embeddings.register_tokens', 'reg_token'),
    combine(['embeddings.cls_token', 'embeddings.position_embeddings'], 'cls_token', plusFirstPosition),
    rename('embeddings.position_embeddings', 'pos_embed', withoutFirstPosition),
  ],
  drops: transformersDinov2.drops,
};
