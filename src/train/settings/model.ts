import * as is from 'valibot';
import { positionKinds } from '../../models/fixed-positions.js';
import { poolings } from '../../models/pooling.js';
import type { Extent } from '../../models/vision-transformer-config.js';
import { attentions, mlps, norms, qkvBiases } from '../../nn/index.js';
import type { Settings } from './presets.js';
import { count, extent, flag, positive, settings, told, whole } from './words.js';

const anyOf = <const Name extends string>(names: readonly Name[]) => {
  const words = `one of: ${names.map((name) => JSON.stringify(name)).join(', ')}`;
  return is.optional(is.picklist(names, words));
};
const keysOf = <Table extends object>(table: Table) => Object.keys(table) as (keyof Table & string)[];

/** Sizes, and choices that are ViT's where they are left out. What begins with another model has all of that one. */
export const modelEntries = {
  imageSize: told(
    extent,
    'height and width of the input, pixels; two numbers in brackets if it is no square',
  ),
  patchSize: told(extent, 'height and width of a patch, pixels; two numbers in brackets if it is no square'),
  channels: told(
    is.optional(is.picklist([1, 3], '1, for brightness alone, or 3, for red, green and blue')),
    '1 for a model that sees brightness alone; 3, for red, green and blue, if left out',
  ),
  width: told(count, 'of the tokens'),
  depth: told(count, 'how many blocks'),
  heads: told(count, 'of each block, which share its width'),
  hidden: told(count, 'width of the hidden layer of each MLP'),
  attention: told(
    anyOf(keysOf(attentions)),
    '`"softmax"`, or `"hydra"` for Hydra attention, which has as many heads as features and no attention matrices',
  ),
  layerNormEpsilon: told(is.optional(positive), 'of every norm; 0.000001 if left out'),
  classToken: told(is.optional(flag), 'whether there is a class token'),
  distillationToken: told(is.optional(flag), "whether there is DeiT's second token"),
  distillationHead: told(is.optional(flag), 'whether that has a classifier of its own'),
  registers: told(is.optional(whole(0)), 'tokens that stand for nothing'),
  prefixPositions: told(is.optional(flag), 'whether the tokens before the patches have positions'),
  positions: told(
    anyOf(positionKinds),
    'what tells where a patch lies: `"learned"` numbers, `"sin-cos"` for waves of its column and row, or these themselves, `"integer"`',
  ),
  norm: told(anyOf(keysOf(norms)), 'the kind of every norm; `"none"` for no norm at all'),
  patchBias: told(is.optional(flag), "whether the patches' projection has biases"),
  patchNorm: told(is.optional(flag), 'whether patches are normalised'),
  preNorm: told(is.optional(flag), 'whether tokens are normalised before the first block'),
  qkvBias: told(anyOf(qkvBiases), 'which of queries, keys and values have biases'),
  blockBias: told(is.optional(flag), "whether a block's other layers have biases"),
  queryKeyNorm: told(is.optional(flag), 'whether queries and keys are normalised'),
  scaleNorm: told(is.optional(flag), 'whether there is a norm before the last layer of attention and MLP'),
  layerScale: told(is.optional(flag), 'whether each branch has a factor for each number of a token'),
  residuals: told(is.optional(flag), 'whether blocks add what enters a branch to what leaves it'),
  mlp: told(anyOf(keysOf(mlps)), 'the kind of every MLP'),
  pooling: told(anyOf(keysOf(poolings)), 'what is classified'),
  poolPrefix: told(is.optional(flag), 'whether the tokens before the patches are pooled with them'),
  finalNorm: told(anyOf(['before-pooling', 'after-pooling', 'none']), 'where the last norm is'),
};

export const model = settings(modelEntries);

/** The input's size in settings that are not checked yet; undefined if they have none, or what is none. */
export function inputSizeIn({ imageSize }: Settings): Extent | undefined {
  const size = is.safeParse(modelEntries.imageSize, imageSize);
  return size.success ? size.output : undefined;
}
