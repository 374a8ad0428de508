import { add, addFacts } from './ops/add.js';
import { equal, equalFacts, less, lessFacts, greater, greaterFacts } from './ops/compare.js';
import { concat, concatFacts } from './ops/concat.js';
import { divide, divideFacts } from './ops/divide.js';
import { exp, expFacts } from './ops/exp.js';
import { expand, expandFacts } from './ops/expand.js';
import { gelu, geluFacts, geluGradientFacts } from './ops/gelu.js';
import { largestMask, largestMaskFacts } from './ops/largest-mask.js';
import { layerNorm, layerNormFacts, layerNormGradientFacts } from './ops/layer-norm.js';
import { log, logFacts } from './ops/log.js';
import { matmul, matmulFacts } from './ops/matmul.js';
import { max, maxFacts } from './ops/max.js';
import { mean, meanFacts } from './ops/mean.js';
import { min, minFacts } from './ops/min.js';
import { multiply, multiplyFacts } from './ops/multiply.js';
import { negate, negateFacts } from './ops/negate.js';
import { normalCdf, normalCdfFacts } from './ops/normal-cdf.js';
import { permute, permuteFacts } from './ops/permute.js';
import { relu, reluFacts } from './ops/relu.js';
import { reshape, reshapeFacts } from './ops/reshape.js';
import { sigmoid, sigmoidFacts } from './ops/sigmoid.js';
import { slice, sliceFacts } from './ops/slice.js';
import { softmax, softmaxFacts, softmaxGradient, softmaxGradientFacts } from './ops/softmax.js';
import { sqrt, sqrtFacts } from './ops/sqrt.js';
import { subtract, subtractFacts } from './ops/subtract.js';
import { sum, sumFacts } from './ops/sum.js';
import { swiGlu, swiGluFacts } from './ops/swi-glu.js';
import { where, whereFacts } from './ops/where.js';
import { leafFacts } from './tensor.js';

export {
  add,
  concat,
  divide,
  equal,
  exp,
  expand,
  gelu,
  greater,
  largestMask,
  layerNorm,
  less,
  log,
  matmul,
  max,
  mean,
  min,
  multiply,
  negate,
  normalCdf,
  permute,
  relu,
  reshape,
  sigmoid,
  slice,
  softmax,
  softmaxGradient,
  sqrt,
  subtract,
  sum,
  swiGlu,
  where,
};

/** Every operation of the language by its kind: the facts of it, which stand beside its function. */
export const operations = {
  // Leaves
  input: leafFacts,
  constant: leafFacts,
  literal: leafFacts,
  // Views: no arithmetic, resolved into strides by the compiler
  reshape: reshapeFacts,
  expand: expandFacts,
  permute: permuteFacts,
  slice: sliceFacts,
  // Elements from several tensors side by side
  concat: concatFacts,
  // Element by element
  negate: negateFacts,
  relu: reluFacts,
  exp: expFacts,
  log: logFacts,
  sqrt: sqrtFacts,
  gelu: geluFacts,
  normalCdf: normalCdfFacts,
  sigmoid: sigmoidFacts,
  add: addFacts,
  subtract: subtractFacts,
  multiply: multiplyFacts,
  divide: divideFacts,
  equal: equalFacts,
  less: lessFacts,
  greater: greaterFacts,
  geluGradient: geluGradientFacts,
  swiGlu: swiGluFacts,
  where: whereFacts,
  // Folds
  sum: sumFacts,
  mean: meanFacts,
  max: maxFacts,
  min: minFacts,
  // Row by row
  softmax: softmaxFacts,
  softmaxGradient: softmaxGradientFacts,
  layerNorm: layerNormFacts,
  layerNormGradient: layerNormGradientFacts,
  largestMask: largestMaskFacts,
  // Products
  matmul: matmulFacts,
};
