import { headFusions, type Pass } from '../explain/index.js';
import { fuseHeads } from '../explain/heads.js';
import { expectGiven, wholeNumber } from '../given.js';
import { tokenCount, type TokenGeometry } from '../geometry.js';
import type { Geometry } from '../image/index.js';
import type { VisionTransformer } from '../models/index.js';
import { concat, expand, matmul, reshape, type Tensor, type Values } from '../tensor/index.js';

/** One way of reading the attention of a layer: so many planes of rows by tokens. */
interface Form {
  readonly planes: (heads: number) => readonly string[];
  readonly rows: (tokens: number) => number;
  /** `[batch, heads, tokens, tokens]` to `[batch, planes, rows, tokens]`. */
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
        headFusions.map((fusion) => asPlane(fuseHeads(attention, fusion))),
        1,
      ),
  },
  /** The mean of heads. */
  mean: {
    planes: () => ['mean'],
    rows: (tokens) => tokens,
    read: (attention) => asPlane(fuseHeads(attention, 'mean')),
  },
  /** Of every head, where what is classified looks. */
  query: {
    planes: eachHead,
    rows: () => 1,
    read(attention, { query }) {
      const [batch, heads, tokens] = attention.shape;
      return matmul(expand(asPlane(query), [batch, heads, 1, tokens]), attention);
    },
  },
} as const satisfies Record<string, Form>;

/** `[batch, rows, tokens]` as one plane of each. */
function asPlane(matrices: Tensor): Tensor {
  const [batch, rows, tokens] = matrices.shape;
  return reshape(matrices, [batch, 1, rows, tokens]);
}

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
  /** Where its patches lie in the picture. */
  readonly geometry: Geometry;
}

/** Attention that a program gives beside its maps. */
export interface PlannedAttention extends Pick<ReadAttention, 'form' | 'planes' | 'prefixTokens' | 'grid'> {
  /** The program's outputs. Each `[batch, planes, rows, tokens]` */
  readonly layers: readonly string[];
  /** The program's output. `[batch, 1, tokens]` */
  readonly query: string;
}

/**
 * The attention of all layers of a pass, fused as far as it must be to fit.
 * @param most how many numbers there may be of a picture; the form that is needed least is taken in any case
 * @param outputs of the program, to which those of the attention are added
 */
export function planAttention(
  model: VisionTransformer,
  pass: Pass,
  most: number,
  outputs: Record<string, Tensor>,
): PlannedAttention {
  expectGiven('the most numbers of attention', most, wholeNumber(1));
  const form = fittingForm(model, most);
  const [batch] = pass.image.shape;
  const query = 'attention.query';
  outputs[query] = expand(pass.query, [batch, 1, tokenCount(model.geometry)]);
  const layers = pass.layers.map(({ attention }, layer) => {
    const output = `attention.${layer}`;
    outputs[output] = forms[form].read(attention, pass);
    return output;
  });
  const { prefixTokens, grid } = model.geometry;
  const planes = forms[form].planes(model.config.heads);
  return { form, planes, prefixTokens, grid, layers, query };
}

function fittingForm({ config: { depth, heads }, geometry }: VisionTransformer, most: number): AttentionForm {
  const tokens = tokenCount(geometry);
  const names = Object.keys(forms) as AttentionForm[];
  const size = (name: AttentionForm): number => {
    const { planes, rows } = forms[name];
    return depth * planes(heads).length * rows(tokens) * tokens;
  };
  return names.find((name) => size(name) <= most) ?? 'query';
}
