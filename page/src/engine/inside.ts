import {
  ablationInput,
  compile,
  forwardPass,
  hooked,
  input,
  partsOf,
  reshape,
  sizesOf,
  tokenCount,
  type Ablation,
  type AblationInput,
  type Backend,
  type Preprocessed,
  type Program,
  type Tensor,
  type VisionTransformer,
} from 'vitrine';
import type { HeadPlace, InsideAnswer } from '../protocol.js';

/** Numbers of attention that are read back at once. Beyond, it is one block at a time. */
const mostNumbers = 2 ** 23;

/** The blocks that are looked at together with one of them. */
export function blocksAround(
  model: VisionTransformer,
  block: number,
): readonly [first: number, last: number] {
  const { depth, heads } = model.config;
  return depth * heads * tokenCount(model.geometry) ** 2 <= mostNumbers ? [0, depth - 1] : [block, block];
}

/** The heads of a model as parts that can be taken out. */
export function withoutHeads(model: VisionTransformer, heads: readonly HeadPlace[]): Ablation | undefined {
  if (heads.length === 0) return undefined;
  const { head } = partsOf(sizesOf(model.config));
  return { parts: heads.map(([block, number]) => head(block, number)), by: 'zero' };
}

/** Attention handed back whole, of a model that may lack heads. */
export class Inside {
  private constructor(
    private readonly model: VisionTransformer,
    private readonly blocks: readonly [number, number],
    private readonly ablation: AblationInput,
    private readonly program: Program,
  ) {}

  static async create(
    model: VisionTransformer,
    backend: Backend,
    [first, last]: readonly [number, number],
  ): Promise<Inside> {
    const ablation = ablationInput('ablation', 1, sizesOf(model.config));
    const outputs = hooked(model, ablation.hooks, () => {
      const { layers, query } = forwardPass(model, input('image', [1, ...model.inputShape]));
      const chosen = layers.slice(first, last + 1);
      const named = chosen.map(({ attention }, i): [string, Tensor] => [
        `attention.${i}`,
        reshape(attention, attention.shape.slice(1)),
      ]);
      return { query, ...Object.fromEntries(named) };
    });
    return new Inside(model, [first, last], ablation, await compile(outputs, backend));
  }

  async look({ values }: Preprocessed, without: readonly HeadPlace[]): Promise<InsideAnswer> {
    const results = await this.program.run({
      image: values,
      ...this.ablation.values([withoutHeads(this.model, without)]),
    });
    const [first, last] = this.blocks;
    return {
      blocks: this.blocks,
      tokens: tokenCount(this.model.geometry),
      attention: Array.from({ length: last - first + 1 }, (_, i) =>
        Float32Array.from(results[`attention.${i}`]),
      ),
      query: Float32Array.from(results['query']),
      without,
    };
  }

  dispose(): void {
    this.program.dispose();
  }
}
