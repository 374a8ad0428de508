import {
  compile,
  concat,
  divide,
  forwardPass,
  input,
  matmul,
  multiply,
  permute,
  reshape,
  rollout,
  slice,
  sqrt,
  sum,
  tokenCount,
  type Backend,
  type Preprocessed,
  type Program,
  type Tensor,
  type VisionTransformer,
} from 'vitrine';
import type { TourAnswer } from '../protocol.js';

type Output = keyof TourAnswer;

/** What the tour shows of a picture, in one program. */
export class TourProgram {
  private constructor(private readonly program: Program<Output>) {}

  /** @param block whose heads are looked into */
  static async create(model: VisionTransformer, backend: Backend, block: number): Promise<TourProgram> {
    const { geometry, config } = model;
    const image = input('image', [1, ...model.inputShape]);
    const pass = forwardPass(model, image);
    const { query, key, value } = pass.layers[block];
    const embedded = model.patch_embed.call(image);
    const headWidth = config.width / config.heads;
    const scores = divide(matmul(query, permute(key, [0, 1, 3, 2])), Math.sqrt(headWidth));
    const gathered = pass.layers.map((_, last) =>
      reshape(rollout.map(pass, { layers: [0, last] }), [1, geometry.grid[0] * geometry.grid[1]]),
    );
    const outputs: Record<Output, Tensor> = {
      embedded,
      positions: cosines(positionsOf(model)),
      query,
      key,
      value,
      scores,
      gathered: concat(gathered, 0),
    };
    return new TourProgram(await compile(outputs, backend));
  }

  async look({ values }: Preprocessed): Promise<TourAnswer> {
    const results = await this.program.run({ image: values });
    const copies = Object.entries(results).map(([name, numbers]) => [name, Float32Array.from(numbers)]);
    return Object.fromEntries(copies) as TourAnswer;
  }

  dispose(): void {
    this.program.dispose();
  }
}

/** Of the patches alone. `[patches, width]` */
function positionsOf({ pos_embed, geometry }: VisionTransformer): Tensor {
  const [, count, width] = pos_embed.shape;
  const patches = tokenCount(geometry) - geometry.prefixTokens;
  return reshape(slice(pos_embed, 1, count - patches), [patches, width]);
}

/** Of each row with each other. `[rows, rows]` */
function cosines(rows: Tensor): Tensor {
  const lengths = sqrt(sum(multiply(rows, rows), { axes: 1, keepDims: true }));
  const unit = divide(rows, lengths);
  return matmul(unit, permute(unit, [1, 0]));
}
