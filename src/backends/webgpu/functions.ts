import type { MapFunction } from '../../compiler/plan.js';
import type { Reduction } from '../../tensor/index.js';

/** The files under shaders/ that define each function of elements. */
export const functionFiles: Readonly<Record<MapFunction, readonly string[]>> = {
  copy: ['functions/copy.wgsl'],
  negate: ['functions/negate.wgsl'],
  relu: ['functions/relu.wgsl'],
  exp: ['functions/exp.wgsl'],
  log: ['functions/log.wgsl'],
  sqrt: ['functions/sqrt.wgsl'],
  gelu: ['functions/gelu.wgsl', 'normal_distribution.wgsl'],
  normalCdf: ['functions/normalCdf.wgsl', 'normal_distribution.wgsl'],
  sigmoid: ['functions/sigmoid.wgsl', 'sigmoid.wgsl'],
  add: ['functions/add.wgsl'],
  subtract: ['functions/subtract.wgsl'],
  multiply: ['functions/multiply.wgsl'],
  divide: ['functions/divide.wgsl'],
  equal: ['functions/equal.wgsl'],
  less: ['functions/less.wgsl'],
  greater: ['functions/greater.wgsl'],
  geluGradient: ['functions/geluGradient.wgsl', 'normal_distribution.wgsl'],
  swiGlu: ['functions/swiGlu.wgsl', 'sigmoid.wgsl'],
  where: ['functions/where.wgsl'],
};

/** And each function that folds them. */
export const reductionFiles: Readonly<Record<Reduction, string>> = {
  sum: 'reductions/sum.wgsl',
  mean: 'reductions/mean.wgsl',
  max: 'reductions/max.wgsl',
  min: 'reductions/min.wgsl',
};
