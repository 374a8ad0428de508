import { ShapeError } from '../errors.js';
import type { PatchGrid, TokenGeometry } from '../geometry.js';
import {
  AttentionPool,
  Block,
  Identity,
  Linear,
  Module,
  normOf,
  Parameter,
  PatchEmbed,
} from '../nn/index.js';
import { add, concat, constant, divide, expand, formatShape, sizeOf, type Tensor } from '../tensor/index.js';
import { fixedPositions, type PositionKind } from './fixed-positions.js';
import { poolings, type Pooled, type Pooling } from './pooling.js';
import {
  completed,
  prefixTokens,
  sizesOf,
  type CompleteConfig,
  type VisionTransformerConfig,
} from './vision-transformer-config.js';

/**
 * A vision transformer, with timm's names. Preprocessed images `[batch, channels, height, width]` to logits
 * `[batch, classes]`; without a classifier, to the features that one would be given.
 * Sources: Dosovitskiy et al., "An Image is Worth 16x16 Words", 2021; Touvron et al., "Training data-efficient
 * image transformers", 2021; registers: Darcet et al., "Vision Transformers Need Registers", 2024.
 */
export class VisionTransformer extends Module {
  readonly cls_token: Parameter | undefined; // [1, 1, width]
  readonly reg_token: Parameter | undefined; // [1, registers, width]
  // [1, patches, width], with the prefix's before them if it has positions; a parameter if they are learned.
  readonly pos_embed: Tensor;
  readonly dist_token: Parameter | undefined; // [1, 1, width]
  readonly patch_embed: PatchEmbed;
  readonly norm_pre: Module;
  readonly blocks: readonly Block[];
  readonly norm: Module;
  readonly attn_pool: AttentionPool | undefined;
  readonly fc_norm: Module;
  readonly head: Module;
  readonly head_dist: Module | undefined;
  readonly config: CompleteConfig;
  readonly geometry: TokenGeometry;
  readonly #pooling: Pooling;
  readonly #pooled: Pooled;

  /** @throws ShapeError if the patches do not divide the image, the heads the width, or what is classified is not there */
  constructor(given: VisionTransformerConfig) {
    super();
    const config = completed(given);
    const { width, classes, pooling, classToken, distillationToken, registers, finalNorm } = config;
    const grid = gridOf(config);
    const prefix = prefixTokens(config);
    const norm = { norm: config.norm, epsilon: config.layerNormEpsilon };
    const block = { ...config, ...norm, bias: config.blockBias };
    this.config = config;
    this.geometry = { prefixTokens: prefix, grid };
    if (classToken) this.cls_token = new Parameter([1, 1, width]);
    if (registers > 0) this.reg_token = new Parameter([1, registers, width]);
    this.pos_embed = positionsOf(config.positions, grid, config.prefixPositions ? prefix : 0, width);
    if (distillationToken) this.dist_token = new Parameter([1, 1, width]);
    this.patch_embed = new PatchEmbed({ ...config, ...norm, patch: config.patchSize });
    this.norm_pre = normOf(width, norm, config.preNorm);
    this.blocks = Array.from({ length: config.depth }, () => new Block(block));
    this.norm = normOf(width, norm, finalNorm === 'before-pooling');
    if (pooling === 'map') this.attn_pool = new AttentionPool(block);
    this.#pooling = poolings[pooling];
    const features = this.#pooling.widths * width;
    this.fc_norm = normOf(features, norm, finalNorm === 'after-pooling');
    this.head = classes > 0 ? new Linear(features, classes) : new Identity();
    const twoHeads = distillationToken && config.distillationHead && pooling === 'token';
    if (twoHeads) this.head_dist = classes > 0 ? new Linear(features, classes) : new Identity();
    this.#pooled = {
      geometry: this.geometry,
      first: config.poolPrefix ? 0 : prefix,
      summaries: twoHeads ? 2 : 1,
      attention: this.attn_pool,
    };
  }

  /** Of an input, without the batch. */
  get inputShape(): readonly [channels: number, height: number, width: number] {
    return [this.config.channels, ...this.config.imageSize];
  }

  protected override forward(image: Tensor): Tensor {
    if (image.rank !== 4 || !this.inputShape.every((extent, axis) => extent === image.shape[axis + 1])) {
      throw new ShapeError(
        `The model takes images of shape [batch, ${this.inputShape.join(', ')}], not ${formatShape(image.shape)}.`,
      );
    }
    const tokens = this.norm_pre.call(this.positioned(this.patch_embed.call(image)));
    return this.classify(this.blocks.reduce((x, block) => block.call(x), tokens));
  }

  /**
   * What the classifier makes of tokens, those of the last block or any others: pooled, normalised before or after that.
   * With a distillation token, the mean of the two classifiers.
   * @param tokens `[batch, tokens, width]`
   * @returns logits `[batch, classes]`
   */
  classify(tokens: Tensor): Tensor {
    const all = this.classifications(tokens);
    return all.length === 1
      ? all[0]
      : divide(
          all.reduce((a, b) => add(a, b)),
          all.length,
        );
  }

  /** The same of each classifier: of the class token's and, if there is one, of the distillation token's. */
  classifications(tokens: Tensor): readonly Tensor[] {
    const features = this.#pooling.features(this.norm.call(tokens), this.#pooled);
    const heads = [this.head, ...(this.head_dist ? [this.head_dist] : [])];
    return heads.map((head, i) => head.call(this.fc_norm.call(features[i])));
  }

  /**
   * How much each token counts in what is classified, `[batch, 1, tokens]`, or `[1, 1, tokens]` if it is the same for all.
   * @param tokens of the last block, `[batch, tokens, width]`
   */
  query(tokens: Tensor): Tensor {
    return this.#pooling.query(this.norm.call(tokens), this.#pooled);
  }

  /** Patches `[batch, patches, width]` to all tokens, with positions. */
  private positioned(patches: Tensor): Tensor {
    const prefix = [this.cls_token, this.dist_token, this.reg_token]
      .filter((token) => token !== undefined)
      .map((token) => expand(token, [patches.shape[0], ...token.shape.slice(1)]));
    const together = (x: Tensor): Tensor => (prefix.length === 0 ? x : concat([...prefix, x], 1));
    return this.config.prefixPositions
      ? add(together(patches), this.pos_embed)
      : together(add(patches, this.pos_embed));
  }
}

/** @param prefix tokens with positions before the patches; those that are not learned have zeros */
function positionsOf(kind: PositionKind, grid: PatchGrid, prefix: number, width: number): Tensor {
  const shape = [1, prefix + grid[0] * grid[1], width];
  if (kind === 'learned') return new Parameter(shape);
  const values = new Float32Array(sizeOf(shape));
  values.set(fixedPositions[kind](grid, width), prefix * width);
  return constant(values, shape);
}

/** Rows and columns of patches. */
function gridOf(config: CompleteConfig): readonly [number, number] {
  const { imageSize, patchSize, pooling, classToken } = config;
  const [rows, columns] = sizesOf(config).grid;
  if (!Number.isInteger(rows) || !Number.isInteger(columns)) {
    const [patch, image] = [patchSize, imageSize].map(inPixels);
    throw new ShapeError(`Patches of ${patch} do not divide an image of ${image}.`);
  }
  if (!classToken && pooling.startsWith('token')) {
    throw new ShapeError(
      `A model without a class token cannot pool by "${pooling}"; choose another pooling, such as "avg".`,
    );
  }
  return [rows, columns];
}

function inPixels([height, width]: readonly [number, number]): string {
  return height === width ? `${height} pixels` : `${height} x ${width} pixels`;
}
