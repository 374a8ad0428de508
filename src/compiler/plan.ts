import type { ElementFunction, Reduction, Shape, Storage, Tensor } from '../tensor/index.js';
import type { Updates } from './graph.js';
import type { View } from './view.js';

/** What a `map` step applies to each element. */
export type MapFunction = 'copy' | ElementFunction;

/**
 * What a `matmul` does to each sum before it stores it, in this order:
 * `softmaxOverRow(activation(scale * sum + bias) + residual)`.
 */
export interface Epilogue {
  /** 1 if there is nothing to scale by. */
  readonly scale: number;
  readonly bias: boolean;
  /** `geluGradient` takes a second operand, x, and the sum is its gradient: `geluGradient(x, sum)`. */
  readonly activation: 'none' | 'gelu' | 'geluGradient';
  readonly residual: boolean;
  /** Over the last axis of the product. */
  readonly softmax: boolean;
}

/**
 * What the compiler may put into an epilogue, beside the bias, which every backend can do. With `residual` it may also be
 * added to the gradient of a layer norm. And `strides`: a product may
 * store its results with any strides, where they would be copied to otherwise. And `made`: a reduction may make what it
 * folds of its inputs. And `rounds`: a plan may be that of one image of a batch.
 */
export type Fusion =
  'scale' | 'gelu' | 'geluGradient' | 'residual' | 'softmax' | 'strides' | 'made' | 'rounds';

/** What a reduction folds: its one input, or, for backends with the fusion `made`, that of functions of its inputs. */
export type Made = 'copy' | 'multiply' | 'relu' | 'multiplyRelu';

/**
 * What a step does. Instructions are what every backend implements; they name buffers through
 * views and never read and write the same buffer. Outputs are row-major from any offset, except those of `map` and, for
 * backends with the fusion `strides`, of `matmul`, which may have any strides.
 */
export type Instruction =
  /** Element by element; all views have one shape. */
  | {
      readonly kind: 'map';
      readonly function: MapFunction;
      readonly inputs: readonly View[];
      readonly output: View;
    }
  /**
   * `[...kept, ...folded]` to `[...kept]`; the first `kept` axes stay. What is folded is made of the inputs' elements first.
   */
  | {
      readonly kind: 'reduce';
      readonly function: Reduction;
      readonly made: Made;
      readonly kept: number;
      readonly inputs: readonly View[];
      readonly output: View;
    }
  /** `[..., n]` to `[..., n]`. */
  | { readonly kind: 'softmax'; readonly inputs: readonly [input: View]; readonly output: View }
  /** `[..., n]`, weight `[n]`, bias `[n]` to `[..., n]`. */
  | {
      readonly kind: 'layerNorm';
      readonly epsilon: number;
      readonly inputs: readonly [input: View, weight: View, bias: View];
      readonly output: View;
    }
  /**
   * `[...batch, m, k]` by `[...batch, k, n]` to `[...batch, m, n]`. The inputs are a and b and then, each where the
   * epilogue has it, the bias `[n]`, the residual and the operand x of `geluGradient`, both `[...batch, m, n]`.
   */
  | {
      readonly kind: 'matmul';
      readonly epilogue: Epilogue;
      readonly inputs: readonly View[];
      readonly output: View;
    }
  /** `[..., n]` to `[..., n]`. */
  | {
      readonly kind: 'largestMask';
      readonly discarded: number;
      readonly inputs: readonly [input: View];
      readonly output: View;
    }
  /** The softmax and the gradient with respect to it, both `[..., n]`, to `[..., n]`. */
  | {
      readonly kind: 'softmaxGradient';
      readonly inputs: readonly [softmax: View, gradient: View];
      readonly output: View;
    }
  /**
   * Input `[..., n]`, weight `[n]`, gradient `[..., n]` to `[..., n]`; for backends with the fusion `residual` perhaps one
   * more, `[..., n]`, which is added to the result.
   */
  | {
      readonly kind: 'layerNormGradient';
      readonly epsilon: number;
      readonly inputs: readonly [input: View, weight: View, gradient: View, ...residual: View[]];
      readonly output: View;
    };

/** One kernel call. */
export type Step = Instruction & {
  /** What it belongs to, where whoever built the graph said so. Backends pay no heed to it. */
  readonly label?: string;
};

/** A block of float32 (or, in `reference`, float64) elements. */
export interface PlanBuffer {
  /** In elements. */
  readonly size: number;
  /** Filled from outside: at each run, or once. A buffer without `filledBy` is scratch, reused within a run. */
  readonly filledBy?: { readonly input: string } | { readonly constant: Storage };
}

export interface PlanInput {
  readonly name: string;
  readonly shape: Shape;
  readonly buffer: number;
}

/** A row-major part of a buffer that is handed back after each run. */
export interface PlanOutput {
  readonly name: string;
  readonly shape: Shape;
  readonly buffer: number;
  /** In elements. */
  readonly offset: number;
}

/** A constant's buffer that takes over new numbers at the end of each run, when all steps are done. */
export interface PlanUpdate {
  readonly constant: number;
  /** The row-major scratch buffer that holds the new numbers. */
  readonly buffer: number;
  /** In elements. */
  readonly offset: number;
  /** In elements. */
  readonly size: number;
}

/** What a graph compiles to: everything a backend needs to know, and nothing about any backend. */
export interface Plan {
  /**
   * How often a run goes through the steps, each time for the next part of every input and output along their first axis: of a batch,
   * image by image. Once if left out.
   */
  readonly rounds?: number;
  readonly buffers: readonly PlanBuffer[];
  readonly steps: readonly Step[];
  readonly inputs: readonly PlanInput[];
  readonly outputs: readonly PlanOutput[];
  readonly updates: readonly PlanUpdate[];
}

/** Makes plans. */
export type Planner = (
  outputs: Readonly<Record<string, Tensor>>,
  updates: Updates,
  fusions: ReadonlySet<Fusion>,
) => Plan;
