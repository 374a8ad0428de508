import type { ModelSizes } from '../geometry.js';
import { aFlag, aNumber, expectParts, oneOf, optional, wholeNumber, type Expectation } from '../given.js';
import { heightAndWidth } from '../image/preprocess.js';
import {
  attentions,
  mlps,
  norms,
  qkvBiases,
  type AttentionKind,
  type MlpKind,
  type NormKind,
  type QkvBias,
} from '../nn/index.js';
import { positionKinds, type PositionKind } from './fixed-positions.js';
import type { PoolingKind } from './pooling.js';

/** Height and width; one number if they are equal. */
export type Extent = number | readonly [height: number, width: number];

/** Sizes and choices of a vision transformer. What may be left out is then as in ViT and DeiT. */
export interface VisionTransformerConfig {
  /** Of the input, pixels. */
  readonly imageSize: Extent;
  /** Of a patch, pixels. */
  readonly patchSize: Extent;
  readonly channels: number;
  /** Numbers that describe a token. */
  readonly width: number;
  /** Number of blocks. */
  readonly depth: number;
  /** Of attention by softmax; hydra has as many as a token has numbers. */
  readonly heads: number;
  /** Numbers behind the activation of each block's MLP. */
  readonly hidden: number;
  /** 0: there is no classifier, and the model gives what would be classified. */
  readonly classes: number;
  /** Of every norm. */
  readonly layerNormEpsilon: number;

  /** A token that gathers what is classified, before all others. */
  readonly classToken?: boolean;
  /** A second one: DeiT's distillation token. */
  readonly distillationToken?: boolean;
  /** Whether that has a classifier of its own. Logits are then the mean of the two; if left out, it has. */
  readonly distillationHead?: boolean;
  /** Tokens after these that stand for nothing. */
  readonly registers?: number;
  /** Whether class token, distillation token and registers have positions, as patches do. */
  readonly prefixPositions?: boolean;
  /** What tells where a token lies: numbers that are learned, or that are the same in every model of its sizes. */
  readonly positions?: PositionKind;
  readonly norm?: NormKind;
  /** Whether the patches' projection has biases. */
  readonly patchBias?: boolean;
  /** Whether patches are normalised before they have positions. */
  readonly patchNorm?: boolean;
  /** Whether tokens are normalised before the first block. */
  readonly preNorm?: boolean;
  /** How tokens take up what others have: by softmax, or Hydra attention, which has no attention matrices. */
  readonly attention?: AttentionKind;
  readonly qkvBias?: QkvBias;
  /** Whether projections of attention and both layers of MLPs have biases. */
  readonly blockBias?: boolean;
  /** Whether queries and keys are normalised, head by head. */
  readonly queryKeyNorm?: boolean;
  /** Whether there is a norm before the last linear layer of attention and of MLP. */
  readonly scaleNorm?: boolean;
  /** Whether each branch of a block has a factor for each number of a token. */
  readonly layerScale?: boolean;
  /** Whether blocks add what enters each of their branches to what leaves it. */
  readonly residuals?: boolean;
  readonly mlp?: MlpKind;
  readonly pooling?: PoolingKind;
  /** Whether class token, distillation token and registers are pooled with the patches. */
  readonly poolPrefix?: boolean;
  /** Where the last norm is; timm calls it `norm` before the pooling, `fc_norm` after it. By the kind of pooling if left out. */
  readonly finalNorm?: FinalNorm;
}

const finalNorms = ['before-pooling', 'after-pooling', 'none'] as const;
export type FinalNorm = (typeof finalNorms)[number];

/** A configuration of which nothing is left out. */
export type CompleteConfig = Required<Omit<VisionTransformerConfig, 'imageSize' | 'patchSize'>> & {
  readonly imageSize: readonly [height: number, width: number];
  readonly patchSize: readonly [height: number, width: number];
};

const defaults = {
  classToken: true,
  distillationToken: false,
  distillationHead: true,
  registers: 0,
  prefixPositions: true,
  positions: 'learned',
  norm: 'layer',
  patchBias: true,
  patchNorm: false,
  preNorm: false,
  attention: 'softmax',
  qkvBias: 'all',
  blockBias: true,
  queryKeyNorm: false,
  scaleNorm: false,
  layerScale: false,
  residuals: true,
  mlp: 'gelu',
  pooling: 'token',
  poolPrefix: false,
} as const satisfies Partial<VisionTransformerConfig>;

/** Means and maxima are normalised after pooling, as in timm. */
const usualFinalNorm: Readonly<Record<PoolingKind, FinalNorm>> = {
  token: 'before-pooling',
  'token-avg': 'before-pooling',
  map: 'before-pooling',
  avg: 'after-pooling',
  max: 'after-pooling',
};

const size = wholeNumber(1);

const anExtent: Expectation<Extent> = {
  words: `${size.words}, or height and width`,
  fits: (value): value is Extent =>
    size.fits(value) || (Array.isArray(value) && value.length === 2 && value.every(size.fits)),
};

/** Twenty times as many as published models have, and few enough to be built at once for a file that claims them without having them. */
const MOST_BLOCKS = 1024;

/** What a model cannot be without. */
const needed = {
  imageSize: anExtent,
  patchSize: anExtent,
  channels: size,
  width: size,
  // A model that is nothing but its ends is one.
  depth: wholeNumber(0, MOST_BLOCKS),
  heads: size,
  hidden: size,
  classes: wholeNumber(0),
  layerNormEpsilon: aNumber,
} satisfies Partial<Record<keyof VisionTransformerConfig, Expectation>>;

const choices = {
  classToken: optional(aFlag),
  distillationToken: optional(aFlag),
  distillationHead: optional(aFlag),
  registers: optional(wholeNumber(0)),
  prefixPositions: optional(aFlag),
  positions: optional(oneOf(positionKinds)),
  norm: optional(oneOf(Object.keys(norms))),
  patchBias: optional(aFlag),
  patchNorm: optional(aFlag),
  preNorm: optional(aFlag),
  attention: optional(oneOf(Object.keys(attentions))),
  qkvBias: optional(oneOf(qkvBiases)),
  blockBias: optional(aFlag),
  queryKeyNorm: optional(aFlag),
  scaleNorm: optional(aFlag),
  layerScale: optional(aFlag),
  residuals: optional(aFlag),
  mlp: optional(oneOf(Object.keys(mlps))),
  pooling: optional(oneOf(Object.keys(usualFinalNorm))),
  poolPrefix: optional(aFlag),
  finalNorm: optional(oneOf(finalNorms)),
} satisfies Record<Exclude<keyof VisionTransformerConfig, keyof typeof needed>, Expectation>;

/** The names of all that a configuration may have. */
export const configurationParts = Object.keys({ ...needed, ...choices });

/**
 * Fills in what was left out.
 * @throws UsageError that names the first part which is missing or makes no sense
 */
export function completed(config: VisionTransformerConfig): CompleteConfig {
  expectParts('The configuration of a model', config, needed);
  expectParts('The configuration of a model', config, choices);
  const { pooling = defaults.pooling } = config;
  return {
    ...defaults,
    finalNorm: config.norm === 'none' ? 'none' : usualFinalNorm[pooling],
    ...config,
    imageSize: heightAndWidth(config.imageSize),
    patchSize: heightAndWidth(config.patchSize),
  };
}

/** Tokens before the patches. */
export function prefixTokens({ classToken, distillationToken, registers }: CompleteConfig): number {
  return Number(classToken) + Number(distillationToken) + registers;
}

/** How many of each part a model has. The grid is whole only if the patches divide the image, as a model's do. */
export function sizesOf(config: VisionTransformerConfig): ModelSizes {
  const { depth, width, imageSize, patchSize, ...rest } = completed(config);
  const kind = attentions[rest.attention];
  const heads = kind.heads(rest.heads);
  const [rows, columns] = imageSize.map((side, axis) => side / patchSize[axis]);
  return {
    ...{ depth, heads, headWidth: width / heads, grid: [rows, columns] },
    ...(kind.hasMatrices ? {} : { withoutAttention: true }),
    ...(rest.residuals ? {} : { withoutResiduals: true }),
  };
}
