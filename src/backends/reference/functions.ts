import type { MapFunction } from '../../compiler/plan.js';
import type { Reduction } from '../../tensor/index.js';

// Module constants, because test runners with contexts of their own make every look-up of a global slow.
const { abs, exp, log, max, min, PI, sqrt, SQRT1_2 } = Math;
const { NEGATIVE_INFINITY, POSITIVE_INFINITY } = Number;

/** Every element-wise function, in float64. */
export const functions: Readonly<Record<MapFunction, (a: number, b: number, c: number) => number>> = {
  copy: (x) => x,
  negate: (x) => -x,
  relu: (x) => (x < 0 ? 0 : x),
  exp,
  log,
  sqrt,
  gelu: (x) => x * normalCdf(x),
  normalCdf,
  sigmoid,
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  geluGradient: (x, g) => g * (normalCdf(x) + x * normalDensity(x)),
  swiGlu: (gate, value) => gate * sigmoid(gate) * value,
  equal: (a, b) => (a === b ? 1 : 0),
  less: (a, b) => (a < b ? 1 : 0),
  greater: (a, b) => (a > b ? 1 : 0),
  where: (condition, a, b) => (condition !== 0 ? a : b),
};

interface Fold {
  readonly start: number;
  readonly fold: (result: number, element: number) => number;
  /** What becomes of the result of so many elements. */
  readonly finish: (result: number, count: number) => number;
}

const asItIs = (result: number): number => result;

/** Every function that folds elements, in float64. */
export const reductions: Readonly<Record<Reduction, Fold>> = {
  sum: { start: 0, fold: (a, b) => a + b, finish: asItIs },
  mean: { start: 0, fold: (a, b) => a + b, finish: (sum, count) => sum / count },
  max: { start: NEGATIVE_INFINITY, fold: max, finish: asItIs },
  min: { start: POSITIVE_INFINITY, fold: min, finish: asItIs },
};

/**
 * The normal distribution function, through the complementary error function, so that its lower tail keeps its
 * relative accuracy. The float32 backends share a shorter formula (shaders/normal_distribution.wgsl) whose error is
 * their rounding; this one is what they are compared with.
 */
export function normalCdf(x: number): number {
  const tail = 0.5 * erfc(abs(x) * SQRT1_2);
  return x < 0 ? tail : 1 - tail;
}

/** The logistic function, without the exponential of a large number. */
function sigmoid(x: number): number {
  const e = exp(-abs(x));
  return (x < 0 ? e : 1) / (1 + e);
}

/** The derivative of `normalCdf`. */
function normalDensity(x: number): number {
  return exp(-0.5 * x * x) / sqrt(2 * PI);
}

/** Coefficients of the polynomial in `erfc`, constant term first. */
const ERFC = [
  -0.553634987437, 0.565612774347, 0.0147163142916, -0.0287418231699, -0.000852058054534, 0.00353944090778,
  -0.000301671660408, -0.000505045107031, 0.000142015498678, 0.000059625468177, -0.0000353835795562,
  -0.0000038036313684, 0.00000460230403181,
];

/**
 * Complementary error function for `x >= 0`: `t * exp(P(u) - x^2)` with `t = 2 / (2 + x)` and `u` the range of t
 * for x in [0, 9.5] mapped to [-1, 1]. P is our own fit of degree 12 at Chebyshev nodes. Relative error below
 * 2e-10.
 */
function erfc(x: number): number {
  const t = 2 / (2 + x);
  const u = t * 2.4210526315789473 - 1.4210526315789471;
  const p = ERFC.reduceRight((sum, coefficient) => sum * u + coefficient, 0);
  return t * exp(p - x * x);
}
