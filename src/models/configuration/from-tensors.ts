import { WeightsError } from '../../errors.js';
import type { MlpKind } from '../../nn/index.js';
import type { PoolingKind } from '../pooling.js';
import type { FinalNorm, VisionTransformerConfig } from '../vision-transformer-config.js';

/** Names, timm's, and shapes of a checkpoint's tensors. */
export type TensorShapes = ReadonlyMap<string, { readonly shape: readonly number[] }>;

/** What shapes do not tell. */
export interface Hints {
  /** Of models of this width and depth, if they all have as many. */
  readonly headsOf?: (width: number, depth: number) => number | undefined;
  /** The activation that a checkpoint's origin has, where it is not GELU. */
  readonly activation?: Extract<MlpKind, 'gelu' | 'gelu-tanh' | 'quick-gelu'>;
}

export interface Recognised {
  readonly config: VisionTransformerConfig;
  /** What was taken for granted, because shapes do not tell: phrases for people. */
  readonly assumed: readonly string[];
}

/** Most models have as many heads as this goes into their width. */
const usualHeadWidth = 64;

/**
 * The configuration of a vision transformer by the names and shapes of its tensors.
 * @param source the file, for messages
 * @throws WeightsError that says what is missing or cannot be told
 */
export function recognise(tensors: TensorShapes, source: string, hints: Hints = {}): Recognised {
  const assumed: string[] = [];
  const fail = (why: string): never => {
    throw new WeightsError(
      `"${source}" is not recognised as a vision transformer: ${why}; put a config.json beside it and give their folder, or name its architecture and give this as its weights.`,
    );
  };
  const has = (name: string): boolean => tensors.has(name);
  const shapeOf = (name: string, rank: number): readonly number[] => {
    const shape = tensors.get(name)?.shape ?? fail(`there is no tensor "${name}"`);
    return shape.length === rank ? shape : fail(`"${name}" has the shape [${shape.join(', ')}]`);
  };

  const [width, channels, ...patch] = shapeOf('patch_embed.proj.weight', 4);
  const depth = depthOf(tensors);
  if (depth === 0) fail('there are no blocks');
  const classToken = has('cls_token');
  const distillationToken = has('dist_token');
  const registers = has('reg_token') ? shapeOf('reg_token', 3)[1] : 0;
  const prefix = Number(classToken) + Number(distillationToken) + registers;
  const [, positions] = shapeOf('pos_embed', 3);
  const { side, prefixPositions } =
    gridSide(positions, prefix, registers > 0) ??
    fail(`${positions} positions are those of no square grid of patches`);
  const hidden = shapeOf('blocks.0.mlp.fc2.weight', 2)[1];
  const classes = has('head.weight') ? shapeOf('head.weight', 2)[0] : 0;
  const features = has('head.weight') ? shapeOf('head.weight', 2)[1] : width;
  const preNorm = has('norm_pre.weight');
  const norm = has('blocks.0.norm1.bias') ? 'layer' : has('blocks.0.norm1.weight') ? 'rms' : 'none';
  const heads =
    headsOf(tensors, width, depth, hints, assumed) ??
    fail(`its heads cannot be told from a width of ${width}`);
  assumed.push(
    `pictures of ${side * patch[0]} x ${side * patch[1]} pixels, as the positions are ${side} x ${side}`,
  );
  const mlp = mlpOf(tensors, hidden, hints, assumed);
  const epsilon = preNorm || norm === 'rms' ? 1e-5 : 1e-6;
  assumed.push(`${epsilon} as the epsilon of norms`);
  return {
    assumed,
    config: {
      imageSize: [side * patch[0], side * patch[1]],
      patchSize: [patch[0], patch[1]],
      channels,
      width,
      depth,
      heads,
      hidden,
      classes,
      layerNormEpsilon: epsilon,
      classToken,
      distillationToken,
      distillationHead: has('head_dist.weight'),
      registers,
      prefixPositions,
      norm,
      patchBias: has('patch_embed.proj.bias'),
      patchNorm: has('patch_embed.norm.weight'),
      preNorm,
      qkvBias: has('blocks.0.attn.q_bias') ? 'query-value' : has('blocks.0.attn.qkv.bias') ? 'all' : 'none',
      blockBias: has('blocks.0.attn.proj.bias'),
      queryKeyNorm: has('blocks.0.attn.q_norm.weight'),
      scaleNorm: has('blocks.0.attn.norm.weight'),
      layerScale: has('blocks.0.ls1.gamma'),
      mlp,
      ...poolingOf(tensors, classToken, features === 2 * width),
    },
  };
}

function depthOf(tensors: TensorShapes): number {
  const numbers = [...tensors.keys()].map((name) => Number(/^blocks\.(\d+)\./.exec(name)?.[1] ?? -1));
  return numbers.reduce((largest, number) => Math.max(largest, number), -1) + 1;
}

/** Whether the prefix has positions is told by which of the two leaves a square; with registers, it mostly has none. */
function gridSide(
  positions: number,
  prefix: number,
  hasRegisters: boolean,
): { readonly side: number; readonly prefixPositions: boolean } | undefined {
  for (const prefixPositions of prefix === 0 ? [true] : [!hasRegisters, hasRegisters]) {
    const side = Math.sqrt(positions - (prefixPositions ? prefix : 0));
    if (Number.isInteger(side) && side > 0) return { side, prefixPositions };
  }
  return undefined;
}

function headsOf(
  tensors: TensorShapes,
  width: number,
  depth: number,
  { headsOf: known }: Hints,
  assumed: string[],
): number | undefined {
  const headWidth = tensors.get('blocks.0.attn.q_norm.weight')?.shape[0];
  if (headWidth !== undefined) return width / headWidth;
  const byTable = known?.(width, depth);
  if (byTable !== undefined) {
    assumed.push(`${byTable} heads, as other models of ${depth} blocks of width ${width}`);
    return byTable;
  }
  if (width % usualHeadWidth !== 0) return undefined;
  assumed.push(`${width / usualHeadWidth} heads of the usual width of ${usualHeadWidth}`);
  return width / usualHeadWidth;
}

function mlpOf(tensors: TensorShapes, hidden: number, { activation }: Hints, assumed: string[]): MlpKind {
  if (tensors.has('blocks.0.mlp.fc1_g.weight')) return 'swiglu-split';
  if (tensors.get('blocks.0.mlp.fc1.weight')?.shape[0] === 2 * hidden) return 'swiglu';
  const kind = activation ?? 'gelu';
  assumed.push(`the activation ${kind}`);
  return kind;
}

function poolingOf(
  tensors: TensorShapes,
  classToken: boolean,
  isDouble: boolean,
): { readonly pooling: PoolingKind; readonly finalNorm: FinalNorm } {
  const after = tensors.has('fc_norm.weight');
  const finalNorm = after ? 'after-pooling' : tensors.has('norm.weight') ? 'before-pooling' : 'none';
  if (tensors.has('attn_pool.latent')) return { pooling: 'map', finalNorm };
  if (isDouble) return { pooling: 'token-avg', finalNorm };
  return { pooling: after || !classToken ? 'avg' : 'token', finalNorm };
}
