import { sizeOf, type Kind, type KindOf, type Shape, type Tensor } from '../../../tensor/index.js';

/** How an operation is tried out: by tests, by the self-check, and by whoever measures how fast it is. */
export interface Trial {
  readonly build: (...inputs: Tensor[]) => Tensor;
  /** Shapes of the inputs with which its value and its gradient are tested; 197 is DeiT's token count. */
  readonly shapes: readonly (readonly Shape[])[];
  /** As a kernel alone; left out if it has none of its own. */
  readonly kernel?: KernelSizes;
  /** Range of random inputs; `usualRange` if left out. */
  readonly range?: TrialRange;
  /**
   * Range where the gradient is tested, if another: where a softmax is nearly one-hot, its gradient is a difference
   * of nearly equal numbers and float32 keeps few digits of it.
   */
  readonly gradientRange?: TrialRange;
  /** Bound on the relative difference in the Euclidean norm; 0 where nothing is rounded, 1e-6 if left out. */
  readonly relative?: number;
}

/** Of random numbers. */
export type TrialRange = readonly [low: number, high: number];

export const usualRange: TrialRange = [-2, 2];

export interface KernelSizes {
  /** For each number of extents that a size may have, what they are: `[['M', 'K', 'N']]`. */
  readonly meanings: readonly (readonly string[])[];
  /** Shapes of the inputs for a size. */
  readonly shapes: (...extents: number[]) => Shape[];
}

/** Without single numbers: those that are left of numbers which cancel may have any relative error. */
export function several(shapes: readonly Shape[]): Shape[] {
  return shapes.filter((shape) => sizeOf(shape) !== 1);
}

/** The kinds that have something to try. */
export type TriedKind = Exclude<Kind, KindOf<'leaf'>>;

export type Trials<K extends TriedKind> = Readonly<Record<K, Trial>>;
