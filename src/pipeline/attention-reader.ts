import type { Backend } from '../compiler/backend.js';
import type { Program } from '../compiler/compile.js';
import { forwardPass, headFusions, type Pass } from '../explain/index.js';
import { fuseHeads } from '../explain/heads.js';
import { expectGiven, wholeNumber } from '../given.js';
import { tokenCount, type TokenGeometry } from '../geometry.js';
import type { Preprocessed } from '../image/index.js';
import type { VisionTransformer } from '../models/index.js';
import { concat, expand, input, matmul, reshape, type Tensor, type Values } from '../tensor/index.js';
import { checkSubject, programsOf, type ExperimentOptions } from './experiments/programs.js';
import type { Subject } from './explainer.js';

/** One way of reading the attention of a layer: so many planes of rows by tokens. */
interface Form {
  readonly planes: (heads: number) => readonly string[];
  readonly rows: (tokens: number) => number;
  /** `[1, heads, tokens, tokens]` to as many numbers as planes, rows and tokens make. */
  readonly read: (attention: Tensor, pass: Pass) => Tensor;
}

const eachHead = (heads: number): readonly string[] =>
  Array.from({ length: heads }, (_, head) => `head ${head}`);

/** From all there is to what is needed least, so that a large model is read as well as there is room. */
const forms = {
  /** Every head. */
  heads: { planes: eachHead, rows: (tokens) => tokens, read: (attention) => attention },
  /** Heads fused in each way that there is. */
  fusions: {
    planes: () => headFusions,
    rows: (tokens) => tokens,
    read: (attention) =>
      concat(
        headFusions.map((fusion) => fuseHeads(attention, fusion)),
        0,
      ),
  },
  /** The mean of heads. */
  mean: {
    planes: () => ['mean'],
    rows: (tokens) => tokens,
    read: (attention) => fuseHeads(attention, 'mean'),
  },
  /** Of every head, where what is classified looks. */
  query: {
    planes: eachHead,
    rows: () => 1,
    read(attention, { query }) {
      const [, heads, tokens] = attention.shape;
      return matmul(expand(reshape(query, [1, 1, 1, tokens]), [1, heads, 1, tokens]), attention);
    },
  },
} as const satisfies Record<string, Form>;

/** How much of the attention of each layer was read: every head, heads fused, or only where what is classified looks. */
export type AttentionForm = keyof typeof forms;

/** The attention of all layers of one picture, as far as there was room. */
export interface ReadAttention extends TokenGeometry {
  readonly form: AttentionForm;
  /** What the planes of a layer are: `head 0`, or `mean`, `max` and `min` of heads. */
  readonly planes: readonly string[];
  /** First layer first. `[planes, rows, tokens]`; a row for each token that looks, but one alone for the form `query`. */
  readonly layers: readonly Values[];
  /** How much each token of the last layer counts in what is classified. `[tokens]` */
  readonly query: Values;
}

/** Reads the attention of all layers, fused as far as it must be to fit. */
export class AttentionReader {
  private constructor(
    private readonly form: AttentionForm,
    private readonly model: VisionTransformer,
    private readonly program: Program,
  ) {}

  /**
   * @param most how many numbers there may be; the form that is needed least is taken in any case
   * @throws DeviceError if the backend cannot
   */
  static async create(
    subject: Subject,
    backend: Backend,
    most: number,
    options: Pick<ExperimentOptions, 'signal'> = {},
  ): Promise<AttentionReader> {
    checkSubject('AttentionReader.create', subject, backend);
    expectGiven('AttentionReader.create: the most numbers', most, wholeNumber(1));
    const { model } = subject;
    const form = fittingForm(model, most);
    const pass = forwardPass(model, input('image', [1, ...model.inputShape]));
    const outputs: Record<string, Tensor> = { query: pass.query };
    for (const [layer, { attention }] of pass.layers.entries()) {
      outputs[layerName(layer)] = forms[form].read(attention, pass);
    }
    const [program] = await programsOf([outputs], backend, options);
    return new AttentionReader(form, model, program);
  }

  async read({ values }: Preprocessed): Promise<ReadAttention> {
    const { form, model } = this;
    const { query, ...layers } = await this.program.run({ image: values });
    const { prefixTokens, grid } = model.geometry;
    return {
      form,
      planes: forms[form].planes(model.config.heads),
      prefixTokens,
      grid,
      layers: Array.from({ length: model.config.depth }, (_, layer) => layers[layerName(layer)]),
      query,
    };
  }

  /** Gives back the device memory that the program holds. */
  dispose(): void {
    this.program.dispose();
  }
}

const layerName = (layer: number): string => `attention.${layer}`;

function fittingForm({ config: { depth, heads }, geometry }: VisionTransformer, most: number): AttentionForm {
  const tokens = tokenCount(geometry);
  const names = Object.keys(forms) as AttentionForm[];
  const size = (name: AttentionForm): number => {
    const { planes, rows } = forms[name];
    return depth * planes(heads).length * rows(tokens) * tokens;
  };
  return names.find((name) => size(name) <= most) ?? 'query';
}
