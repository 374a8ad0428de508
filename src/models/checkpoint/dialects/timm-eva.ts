import { combine, type Dialect } from './dialect.js';
import { timm } from './timm.js';
import { biasWithoutKeys } from './transforms.js';

/**
 * timm's Eva, and BEiT, whose queries and values have biases of their own and whose keys have none.
 * @see https://github.com/huggingface/pytorch-image-models/blob/main/timm/models/eva.py
 */
export const timmEva: Dialect = {
  name: 'timm, as Eva has it',
  signs: [...timm.signs, 'blocks.0.attn.q_bias'],
  rules: [
    ...timm.rules,
    combine(
      ['blocks.{n}.attn.q_bias', 'blocks.{n}.attn.v_bias'],
      'blocks.{n}.attn.qkv.bias',
      biasWithoutKeys,
    ),
  ],
  drops: timm.drops,
};
