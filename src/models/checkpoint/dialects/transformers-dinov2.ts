import { drop, rename, type Dialect } from './dialect.js';
import { transformersRules, transformersViT } from './transformers-vit.js';

/**
 * DINOv2 as transformers has it.
 * @see https://github.com/huggingface/transformers/blob/v4.57.1/src/transformers/models/dinov2/modeling_dinov2.py
 */
export const transformersDinov2: Dialect = {
  name: 'transformers, DINOv2',
  signs: [transformersViT.signs[0], 'encoder.layer.0.layer_scale1.lambda1'],
  rules: [
    ...transformersRules,
    rename('encoder.layer.{n}.norm1.{p}', 'blocks.{n}.norm1.{p}'),
    rename('encoder.layer.{n}.norm2.{p}', 'blocks.{n}.norm2.{p}'),
    rename('encoder.layer.{n}.layer_scale1.lambda1', 'blocks.{n}.ls1.gamma'),
    rename('encoder.layer.{n}.layer_scale2.lambda1', 'blocks.{n}.ls2.gamma'),
    rename('encoder.layer.{n}.mlp.fc1.{p}', 'blocks.{n}.mlp.fc1.{p}'),
    rename('encoder.layer.{n}.mlp.fc2.{p}', 'blocks.{n}.mlp.fc2.{p}'),
    rename('encoder.layer.{n}.mlp.weights_in.{p}', 'blocks.{n}.mlp.fc1.{p}'),
    rename('encoder.layer.{n}.mlp.weights_out.{p}', 'blocks.{n}.mlp.fc2.{p}'),
    // Of the class token together with the mean of the patches.
    rename('classifier.{p}', 'head.{p}'),
  ],
  drops: [...drop('for masked patches, in training alone', 'embeddings.mask_token')],
};
