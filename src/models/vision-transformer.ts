import { ShapeError } from '../errors.js';
import type { TokenGeometry } from '../geometry.js';
import { Block, LayerNorm, Linear, Module, Parameter, PatchEmbed } from '../nn/index.js';
import { add, concat, expand, formatShape, select, type Tensor } from '../tensor/index.js';

/** Sizes of a vision transformer with a class token. */
export interface VisionTransformerConfig {
  /** Height and width of the input in pixels. */
  readonly imageSize: number;
  /** Height and width of a patch in pixels. */
  readonly patchSize: number;
  readonly channels: number;
  /** Numbers that describe a token. */
  readonly width: number;
  /** Number of blocks. */
  readonly depth: number;
  readonly heads: number;
  /** Width of the hidden layer of each block's MLP. */
  readonly hidden: number;
  readonly classes: number;
  readonly layerNormEpsilon: number;
}

/**
 * A vision transformer, with timm's names. Preprocessed images `[batch, channels, imageSize, imageSize]` to
 * logits `[batch, classes]`.
 * Sources: Dosovitskiy et al., "An Image is Worth 16x16 Words", 2021; Touvron et al., "Training data-efficient
 * image transformers", 2021.
 */
export class VisionTransformer extends Module {
  readonly patch_embed: PatchEmbed;
  readonly cls_token: Parameter; // [1, 1, width]
  readonly pos_embed: Parameter; // [1, 1 + patches, width]
  readonly blocks: readonly Block[];
  readonly norm: LayerNorm;
  readonly head: Linear;
  readonly geometry: TokenGeometry;

  /** @throws ShapeError if the patches do not divide the image, or the heads the width */
  constructor(readonly config: VisionTransformerConfig) {
    super();
    const { imageSize, patchSize, channels, width, heads, hidden, layerNormEpsilon } = config;
    if (imageSize % patchSize !== 0) {
      throw new ShapeError(`Patches of ${patchSize} pixels do not divide an image of ${imageSize} pixels.`);
    }
    const side = imageSize / patchSize;
    this.geometry = { prefixTokens: 1, grid: [side, side], queryTokens: [0] };
    this.patch_embed = new PatchEmbed(channels, patchSize, width);
    this.cls_token = new Parameter([1, 1, width]);
    this.pos_embed = new Parameter([1, 1 + side * side, width]);
    this.blocks = Array.from(
      { length: config.depth },
      () => new Block(width, heads, hidden, layerNormEpsilon),
    );
    this.norm = new LayerNorm(width, layerNormEpsilon);
    this.head = new Linear(width, config.classes);
  }

  protected override forward(image: Tensor): Tensor {
    const { channels, imageSize, width } = this.config;
    const wanted = [channels, imageSize, imageSize];
    if (image.rank !== 4 || !wanted.every((extent, axis) => extent === image.shape[axis + 1])) {
      throw new ShapeError(
        `The model takes images of shape [batch, ${wanted.join(', ')}], not ${formatShape(image.shape)}.`,
      );
    }
    const [batch] = image.shape;
    const patches = this.patch_embed.call(image); // [batch, patches, width]
    const start = concat([expand(this.cls_token, [batch, 1, width]), patches], 1);
    const tokens = this.blocks.reduce((x, block) => block.call(x), add(start, this.pos_embed));
    return this.classify(tokens);
  }

  /**
   * What the classifier makes of tokens, those of the last block or any others: `head(norm(tokens)[class token])`.
   * @param tokens `[batch, tokens, width]`; the first is taken for the class token
   * @returns logits `[batch, classes]`
   */
  classify(tokens: Tensor): Tensor {
    return this.head.call(select(this.norm.call(tokens), 1, 0));
  }
}
