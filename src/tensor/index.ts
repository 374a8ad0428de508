/** The language: lazy tensors, and every operation on them. */
export type { Act, ElementZeros, Facts, FactsByAct, RowZeros } from './facts.js';
export {
  actsAs,
  type ElementFunction,
  type Kind,
  type KindOf,
  type Operation,
  type OperationAttributes,
  type OperationOf,
  type Reduction,
} from './operation.js';
export * from './operations.js';
export { contiguousStrides, formatShape, sizeOf, type Shape } from './shape.js';
export { Storage, type Values, type ValuesSource } from './storage.js';
export { constant, input, literal, Tensor, type DType, type TensorLike } from './tensor.js';
export {
  derivatives,
  gradient,
  observeGradient,
  type GradientObserver,
  type GradientOptions,
  type RuleName,
  type Rules,
} from './gradient.js';
export type { Vjp } from './vjp.js';
export { topologicalOrder } from './topology.js';
export { transpose } from './ops/permute.js';
export { largestFirst } from './ops/largest-mask.js';
export type { ReduceOptions } from './ops/reduce.js';
export { select } from './ops/slice.js';
export { zeroSmallest } from './ops/zero-smallest.js';
