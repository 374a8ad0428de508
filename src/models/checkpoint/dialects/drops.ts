import { drop } from './dialect.js';

/** What stands in checkpoints beside a vision transformer, under the names that timm and its relatives have. */
export const trainingDrops = [
  ...drop('for masked patches, in training alone', 'mask_token'),
  ...drop('a decoder, for training alone', 'decoder_{x}', 'decoder.{x}'),
  ...drop(
    'a projection head, for training alone',
    'head.mlp.{x}',
    'head.last_layer.{x}',
    'dino_head.{x}',
    'ibot_head.{x}',
    'projector.{x}',
    'predictor.{x}',
  ),
];

/** What CLIP and its relatives have beside the tower that sees. */
export const textDrops = drop(
  'of the tower that reads',
  'text_model.{x}',
  'text_projection{x}',
  'text_projection',
  'text.{x}',
  'transformer.{x}',
  'token_embedding.{x}',
  'positional_embedding',
  'ln_final.{p}',
  'logit_scale',
  'logit_bias',
);
