import type { Tensor } from '../tensor/index.js';
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

/** Grows along the consumers of a product. */
export class ProductChain {
  /** The last node that is computed: a reshape at the end is left to whoever follows. */
  end: Tensor;
  private last: Tensor;
  private stage: Stage = 'sum';
  private scale = 1;
  private activation: Epilogue['activation'] = 'none';
  private residual: Tensor | undefined;
  private preActivation: Tensor | undefined;

  constructor(
    private readonly product: Tensor,
    private readonly fusions: ReadonlySet<Fusion>,
  ) {
    this.end = this.last = product;
  }

  /** Takes the consumer of the last node in. False if the product cannot do what it does. */
  extend(node: Tensor): boolean {
    const taken = node.operation.kind === 'reshape' || this.take(node);
    if (!taken) return false;
    this.last = node;
    if (node.operation.kind !== 'reshape') this.end = node;
    return true;
  }

  finish(): FusedProduct {
    const { product, scale, activation, residual, preActivation } = this;
    const bias = product.sources.length > 2;
    return {
      epilogue: {
        scale,
        bias,
        activation,
        residual: residual !== undefined,
        softmax: this.stage === 'softmax',
      },
      product,
      sources: [...product.sources, ...[residual, preActivation].filter((source) => source !== undefined)],
    };
  }

  private take(node: Tensor): boolean {
    const { operation, sources } = node;
    if (operation.kind === 'softmax') {
      // A row of the softmax must be a row of the product.
      return node.shape.at(-1) === this.product.shape.at(-1) && this.reach('softmax', 'softmax');
    }
    if (operation.kind === 'unary') {
      if (operation.function !== 'gelu' || !this.reach('activation', 'gelu')) return false;
      this.activation = 'gelu';
      return true;
    }
    if (operation.kind !== 'binary') return false;
    switch (operation.function) {
      case 'multiply': {
        const scaled = this.product.sources.length > 2 ? undefined : scaledBy(node);
        if (scaled?.rest !== this.last || !this.reach('scale', 'scale')) return false;
        this.scale = scaled.factor;
        return true;
      }
      case 'geluGradient':
        if (sources[1] !== this.last || !this.reach('activation', 'geluGradient')) return false;
        this.activation = 'geluGradient';
        this.preActivation = sources[0];
        return true;
      case 'add':
        if (!this.reach('residual', 'residual')) return false;
        this.residual = otherSource(node, this.last);
        return true;
      default:
        return false;
    }
  }

  /** Moves on to a later stage, if the backend has it. */
  private reach(stage: Stage, fusion: Fusion): boolean {
    if (stages.indexOf(stage) <= stages.indexOf(this.stage) || !this.fusions.has(fusion)) return false;
    this.stage = stage;
    return true;
  }
}

/** The operand of a sum that is not `one`. */
export function otherSource({ sources }: Tensor, one: Tensor): Tensor {
  return sources[0] === one ? sources[1] : sources[0];
}
