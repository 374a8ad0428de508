import type { Kind, Tensor } from '../tensor/index.js';
import type { Epilogue, Fusion } from './plan.js';
import { scaledBy } from './rewrites/scale-later.js';

/** A product together with what is done to it at once. */
export interface FusedProduct {
  readonly epilogue: Epilogue;
  /** The node whose shape the step computes; `sources` beside its own have as many elements in the same order. */
  readonly product: Tensor;
  /** In the order of the step's inputs. */
  readonly sources: readonly Tensor[];
}

/** The stages of an epilogue, in order. */
const stages = ['sum', 'scale', 'activation', 'residual', 'softmax'] as const;
type Stage = (typeof stages)[number];

/** What a product does with the result of another stage, and with an operand that is not a product's. */
interface Taken extends Partial<Omit<Epilogue, 'bias' | 'residual'>> {
  readonly stage: Stage;
  readonly fusion: Fusion;
  readonly residual?: Tensor;
  readonly preActivation?: Tensor;
}

/**
 * What a product can do of the nodes that follow it. Of other kinds it can do nothing, because its epilogue has no place
 * for them.
 * @param last the source that the product computes so far
 * @returns undefined if this node is none that it can do
 */
const takers: {
  readonly [K in Kind]?: (node: Tensor, last: Tensor, product: Tensor) => Taken | undefined;
} = {
  multiply(node, last, product) {
    const scaled = product.sources.length > 2 ? undefined : scaledBy(node);
    return scaled?.rest === last ? { stage: 'scale', fusion: 'scale', scale: scaled.factor } : undefined;
  },
  gelu: () => ({ stage: 'activation', fusion: 'gelu', activation: 'gelu' }),
  geluGradient: ({ sources: [x, g] }, last) =>
    g === last
      ? { stage: 'activation', fusion: 'geluGradient', activation: 'geluGradient', preActivation: x }
      : undefined,
  add: (node, last) => ({ stage: 'residual', fusion: 'residual', residual: otherSource(node, last) }),
  // A row of the softmax must be a row of the product.
  softmax: ({ shape }, _, product) =>
    shape.at(-1) === product.shape.at(-1)
      ? { stage: 'softmax', fusion: 'softmax', softmax: true }
      : undefined,
};

/** Grows along the consumers of a product. */
export class ProductChain {
  /** The last node that is computed: a reshape at the end is left to whoever follows. */
  end: Tensor;
  private last: Tensor;
  private taken: Partial<Taken> = {};

  constructor(
    private readonly product: Tensor,
    private readonly fusions: ReadonlySet<Fusion>,
  ) {
    this.end = this.last = product;
  }

  /** Takes the consumer of the last node in. False if the product cannot do what it does. */
  extend(node: Tensor): boolean {
    const isReshape = node.operation.kind === 'reshape';
    if (!isReshape && !this.take(node)) return false;
    this.last = node;
    if (!isReshape) this.end = node;
    return true;
  }

  finish(): FusedProduct {
    const { product, taken } = this;
    const { scale = 1, activation = 'none', softmax = false, residual, preActivation } = taken;
    const bias = product.sources.length > 2;
    return {
      epilogue: { scale, bias, activation, residual: residual !== undefined, softmax },
      product,
      sources: [...product.sources, ...[residual, preActivation].filter((source) => source !== undefined)],
    };
  }

  /** Moves on to a later stage, if the backend has it. */
  private take(node: Tensor): boolean {
    const next = takers[node.operation.kind]?.(node, this.last, this.product);
    if (!next || !this.fusions.has(next.fusion)) return false;
    const { stage = 'sum' } = this.taken;
    if (stages.indexOf(next.stage) <= stages.indexOf(stage)) return false;
    this.taken = { ...this.taken, ...next };
    return true;
  }
}

/** The operand of a sum that is not `one`. */
export function otherSource({ sources }: Tensor, one: Tensor): Tensor {
  return sources[0] === one ? sources[1] : sources[0];
}
