import { rename, type Dialect } from './dialect.js';
import { timm } from './timm.js';

/**
 * DeiT III as it was published, with its own names for LayerScale.
 * @see https://github.com/facebookresearch/deit/blob/main/models_v2.py
 */
export const deit3: Dialect = {
  name: 'DeiT III',
  signs: [...timm.signs, 'blocks.0.gamma_1'],
  rules: [
    ...timm.rules,
    rename('blocks.{n}.gamma_1', 'blocks.{n}.ls1.gamma'),
    rename('blocks.{n}.gamma_2', 'blocks.{n}.ls2.gamma'),
  ],
  drops: timm.drops,
};
