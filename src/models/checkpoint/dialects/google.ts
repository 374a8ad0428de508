import type { Shape } from '../../../tensor/index.js';
import { combine, rename, type Dialect, type Rule } from './dialect.js';
import { inTurn, permuted, reshaped, stacked, type Transform } from './transforms.js';

/** Kernels are `[inputs, outputs]`, those of convolutions `[height, width, inputs, outputs]`. */
const dense = permuted(1, 0);
const convolution = permuted(3, 2, 0, 1);

const hasRank = (rank: number, to: (shape: Shape) => Shape): Transform =>
  reshaped((shape) => (shape.length === rank ? to(shape) : undefined));

/** Kernels of queries, keys and values are `[width, heads, head width]`, that of the output `[heads, head width, width]`. */
const intoHeads = inTurn(
  hasRank(3, ([width, heads, headWidth]) => [width, heads * headWidth]),
  dense,
);
const outOfHeads = inTurn(
  hasRank(3, ([heads, headWidth, width]) => [heads * headWidth, width]),
  dense,
);
const joinedHeads = hasRank(2, ([heads, headWidth]) => [heads * headWidth]);

const norm = (from: string, to: string): Rule[] => [
  rename(`${from}/scale`, `${to}.weight`),
  rename(`${from}/bias`, `${to}.bias`),
];

export const denseLayer = (from: string, to: string, kernel = dense): Rule[] => [
  rename(`${from}/kernel`, `${to}.weight`, kernel),
  rename(`${from}/bias`, `${to}.bias`),
];

const projections = (from: string, names: readonly string[], to: string): Rule[] => [
  combine(
    names.map((name) => `${from}/${name}/kernel`),
    `${to}.weight`,
    stacked(intoHeads),
  ),
  combine(
    names.map((name) => `${from}/${name}/bias`),
    `${to}.bias`,
    stacked(joinedHeads),
  ),
];

/** Parts of a block are numbered, in one way by the first code and in another by the later one, big_vision. */
const block = (attention: string, mlp: string, secondNorm: string): Rule[] => {
  const [from, to] = ['Transformer/encoderblock_{n}', 'blocks.{n}'];
  const heads = `${from}/MultiHeadDotProductAttention_${attention}`;
  return [
    ...norm(`${from}/LayerNorm_${secondNorm}`, `${to}.norm2`),
    ...projections(heads, ['query', 'key', 'value'], `${to}.attn.qkv`),
    ...denseLayer(`${heads}/out`, `${to}.attn.proj`, outOfHeads),
    ...denseLayer(`${from}/MlpBlock_${mlp}/Dense_0`, `${to}.mlp.fc1`),
    ...denseLayer(`${from}/MlpBlock_${mlp}/Dense_1`, `${to}.mlp.fc2`),
  ];
};

const pool = 'MAPHead_0';

/**
 * Google's checkpoints, the arrays of vision_transformer and of big_vision.
 * @see https://github.com/google-research/vision_transformer/blob/main/vit_jax/models_vit.py
 * @see https://github.com/google-research/big_vision/blob/main/big_vision/models/vit.py
 */
export const google: Dialect = {
  name: "Google's arrays",
  signs: ['embedding/kernel', 'Transformer/encoder_norm/scale'],
  rules: [
    rename('cls', 'cls_token'),
    rename('Transformer/posembed_input/pos_embedding', 'pos_embed'),
    rename('pos_embedding', 'pos_embed'),
    ...denseLayer('embedding', 'patch_embed.proj', convolution),
    ...norm('Transformer/encoderblock_{n}/LayerNorm_0', 'blocks.{n}.norm1'),
    ...block('1', '3', '2'),
    ...block('0', '0', '1'),
    ...norm('Transformer/encoder_norm', 'norm'),
    rename(`${pool}/probe`, 'attn_pool.latent'),
    ...projections(`${pool}/MultiHeadDotProductAttention_0`, ['query'], 'attn_pool.q'),
    ...projections(`${pool}/MultiHeadDotProductAttention_0`, ['key', 'value'], 'attn_pool.kv'),
    ...denseLayer(`${pool}/MultiHeadDotProductAttention_0/out`, 'attn_pool.proj', outOfHeads),
    ...norm(`${pool}/LayerNorm_0`, 'attn_pool.norm'),
    ...denseLayer(`${pool}/MlpBlock_0/Dense_0`, 'attn_pool.mlp.fc1'),
    ...denseLayer(`${pool}/MlpBlock_0/Dense_1`, 'attn_pool.mlp.fc2'),
    ...denseLayer('head', 'head'),
  ],
  drops: [],
};
