import type { VisionTransformer } from '../models/index.js';
import type { Random } from '../random.js';
import { input, multiply, select, type Tensor } from '../tensor/index.js';

/**
 * Stochastic depth: each image leaves out some of the branches that blocks add to their input. Masks are an input of
 * the program, so that one program serves all steps; hooks on the branches multiply by them, so that a model that is
 * only used knows nothing of this.
 * Source: Huang et al., "Deep Networks with Stochastic Depth", 2016; the rate rises linearly with depth.
 */
export class DropPath {
  /** Two branches a block. [2 depth, batch, 1, 1] */
  readonly masks: Tensor;
  readonly #depth: number;
  readonly #batch: number;

  constructor(
    private readonly rate: number,
    { config: { depth } }: VisionTransformer,
    batch: number,
  ) {
    this.masks = input('dropPath', [2 * depth, batch, 1, 1]);
    this.#depth = depth;
    this.#batch = batch;
  }

  /** Builds something of the model with the masks in place. */
  within<Built>(model: VisionTransformer, build: () => Built): Built {
    const handles = model.blocks.flatMap((block, index) =>
      [block.attn, block.mlp].map((branch, position) =>
        branch.registerForwardHook((_module, _input, output) =>
          multiply(output, select(this.masks, 0, 2 * index + position)),
        ),
      ),
    );
    try {
      return build();
    } finally {
      for (const handle of handles) handle.remove();
    }
  }

  /**
   * Values for the masks: 0, or what keeps the mean as it was.
   * @param parts that a batch is computed in; what is dropped does not depend on it
   * @returns the masks of each part
   */
  draw(random: Random, parts = 1): Float32Array[] {
    const branches = 2 * this.#depth;
    const masks = Array.from({ length: parts }, () => new Float32Array(branches * this.#batch));
    for (let branch = 0; branch < branches; branch++) {
      const block = Math.floor(branch / 2);
      const rate = this.#depth > 1 ? (this.rate * block) / (this.#depth - 1) : this.rate;
      for (const part of masks) {
        for (let image = 0; image < this.#batch; image++) {
          part[branch * this.#batch + image] = random.chance(rate) ? 0 : 1 / (1 - rate);
        }
      }
    }
    return masks;
  }
}
