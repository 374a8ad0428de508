/** The language: lazy tensors, and every operation on them. */
export type { BinaryFunction, Operation, Reduction, UnaryFunction } from './operation.js';
export { contiguousStrides, formatShape, sizeOf, type Shape } from './shape.js';
export { Storage, type Values } from './storage.js';
export { constant, input, Tensor, type DType, type TensorLike } from './tensor.js';
export {
  derivatives,
  gradient,
  observeGradient,
  type GradientObserver,
  type GradientOptions,
  type Rules,
} from './gradient.js';
export type { Vjp } from './vjp.js';
export { topologicalOrder } from './topology.js';
export { add } from './ops/add.js';
export { equal, greater, less } from './ops/compare.js';
export { concat } from './ops/concat.js';
export { divide } from './ops/divide.js';
export { exp } from './ops/exp.js';
export { expand } from './ops/expand.js';
export { gelu } from './ops/gelu.js';
export { largestMask } from './ops/largest-mask.js';
export { layerNorm } from './ops/layer-norm.js';
export { log } from './ops/log.js';
export { matmul } from './ops/matmul.js';
export { max } from './ops/max.js';
export { mean } from './ops/mean.js';
export { min } from './ops/min.js';
export { multiply } from './ops/multiply.js';
export { negate } from './ops/negate.js';
export { permute, transpose } from './ops/permute.js';
export type { ReduceOptions } from './ops/reduce.js';
export { relu } from './ops/relu.js';
export { reshape } from './ops/reshape.js';
export { select, slice } from './ops/slice.js';
export { softmax, softmaxGradient } from './ops/softmax.js';
export { sqrt } from './ops/sqrt.js';
export { subtract } from './ops/subtract.js';
export { sum } from './ops/sum.js';
export { where } from './ops/where.js';
export { zeroSmallest } from './ops/zero-smallest.js';
