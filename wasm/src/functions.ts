// Element-wise functions on vectors. Polynomials are those of native/src/kernels/functions.inl, where their errors stand.

import { multiplyAdd } from './vectors';

/** Added to a small number, it leaves the nearest whole number in the last bits. */
const magic: f32 = 12582912.0;

/** `e^r` with `r = x - n ln 2`, |r| <= ln 2 / 2. */
function exponentialOfRest(x: v128, n: v128): v128 {
  // ln 2 in two parts, the first with so few digits that its product with n is exact.
  const coarse = multiplyAdd(n, f32x4.splat(-0.693359375), x);
  const r = multiplyAdd(n, f32x4.splat(2.1219444e-4), coarse);
  const square = f32x4.mul(r, r);
  const low = multiplyAdd(f32x4.splat(0.16666521), r, f32x4.splat(0.49999993));
  const middle = multiplyAdd(f32x4.splat(0.00836872), r, f32x4.splat(0.04166839));
  const high = multiplyAdd(f32x4.splat(0.00138146), square, middle);
  const tail = multiplyAdd(multiplyAdd(high, square, low), square, r);
  return f32x4.add(tail, f32x4.splat(1.0));
}

/** Two to the power of n, where `shifted` is n + magic and n from -127, which gives 0, to 127. */
function powerOfTwo(shifted: v128): v128 {
  return i32x4.shl(i32x4.add(shifted, i32x4.splat(127)), 23);
}

/** e to the power of x: `x = n ln 2 + r`. Overflows to infinity, vanishes to 0, keeps what is not a number. */
export function exponential(x: v128): v128 {
  // The number comes first, because `pmin` and `pmax` give their first operand if one is not a number.
  const bounded = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-110.0)), f32x4.splat(90.0));
  const shift = f32x4.splat(magic);
  const n = f32x4.sub(f32x4.add(f32x4.mul(bounded, f32x4.splat(1.44269504)), shift), shift);
  // In two steps, because n reaches beyond the exponents of normal numbers on both sides.
  const shiftedHalf = f32x4.add(f32x4.mul(n, f32x4.splat(0.5)), shift);
  const half = f32x4.sub(shiftedHalf, shift);
  const scaled = f32x4.mul(exponentialOfRest(bounded, n), powerOfTwo(shiftedHalf));
  return f32x4.mul(scaled, powerOfTwo(f32x4.add(f32x4.sub(n, half), shift)));
}

/** The same for `x <= 0`, in fewer steps; what is smaller than 2^-126 becomes 0. */
export function exponentialOfNegative(x: v128): v128 {
  const bounded = f32x4.pmax(x, f32x4.splat(-88.0));
  const shift = f32x4.splat(magic);
  const shifted = f32x4.add(f32x4.mul(bounded, f32x4.splat(1.44269504)), shift);
  return f32x4.mul(exponentialOfRest(bounded, f32x4.sub(shifted, shift)), powerOfTwo(shifted));
}

/** `e^(-x^2 / 2)`, which the normal distribution's function and density share. */
function bell(x: v128): v128 {
  return exponentialOfNegative(f32x4.mul(f32x4.mul(x, f32x4.splat(-0.5)), x));
}

/** The normal distribution function: `e^(-y^2 / 2) P(y) / Q(y)` at `-y`, for `y >= 0`, and 1 less that at y. */
function normalDistribution(x: v128, bellOfX: v128): v128 {
  const y = f32x4.pmin(f32x4.abs(x), f32x4.splat(20.0));
  let p = f32x4.splat(4.077608697116375e-3);
  p = multiplyAdd(p, y, f32x4.splat(4.0372561663389206e-2));
  p = multiplyAdd(p, y, f32x4.splat(1.8246188759803772e-1));
  p = multiplyAdd(p, y, f32x4.splat(4.372510313987732e-1));
  p = multiplyAdd(p, y, f32x4.splat(0.5));
  let q = f32x4.splat(1.0220920667052269e-2);
  q = multiplyAdd(q, y, f32x4.splat(1.0120581835508347e-1));
  q = multiplyAdd(q, y, f32x4.splat(4.674292504787445e-1));
  q = multiplyAdd(q, y, f32x4.splat(1.1992909908294678));
  q = multiplyAdd(q, y, f32x4.splat(1.6723870038986206));
  q = multiplyAdd(q, y, f32x4.splat(1.0));
  const tail = f32x4.mul(bellOfX, f32x4.div(p, q));
  return v128.bitselect(tail, f32x4.sub(f32x4.splat(1.0), tail), isNegative(x));
}

export function normalCdf(x: v128): v128 {
  return normalDistribution(x, bell(x));
}

export function gelu(x: v128): v128 {
  return f32x4.mul(x, normalDistribution(x, bell(x)));
}

/** `g (Phi(x) + x phi(x))`, with the density `phi(x) = e^(-x^2 / 2) / sqrt(2 pi)`. */
export function geluGradient(x: v128, g: v128): v128 {
  const e = bell(x);
  const density = f32x4.mul(f32x4.mul(x, f32x4.splat(0.39894228)), e);
  return f32x4.mul(g, f32x4.add(density, normalDistribution(x, e)));
}

/** The logistic function, without the exponential of a large number. Its lower tail keeps its relative accuracy. */
export function sigmoid(x: v128): v128 {
  const e = exponentialOfNegative(f32x4.neg(f32x4.abs(x)));
  const one = f32x4.splat(1.0);
  return f32x4.div(v128.bitselect(e, one, isNegative(x)), f32x4.add(one, e));
}

export function isNegative(x: v128): v128 {
  return f32x4.lt(x, f32x4.splat(0.0));
}

/** 1 where a comparison holds, 0 elsewhere. */
export function oneWhere(mask: v128): v128 {
  return v128.and(mask, f32x4.splat(1.0));
}

/** Used by no model's inner loops: lane by lane. */
export function logarithm(x: v128): v128 {
  let result = f32x4.splat(logarithmOf(f32x4.extract_lane(x, 0)));
  result = f32x4.replace_lane(result, 1, logarithmOf(f32x4.extract_lane(x, 1)));
  result = f32x4.replace_lane(result, 2, logarithmOf(f32x4.extract_lane(x, 2)));
  return f32x4.replace_lane(result, 3, logarithmOf(f32x4.extract_lane(x, 3)));
}

/**
 * In double precision: `x = 2^n m` with m about 1, and `log m = 2 artanh(s)`, `s = (m - 1) / (m + 1)`, |s| < 0.172, by its
 * series, whose rest is below 1e-12.
 */
function logarithmOf(x: f32): f32 {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  const bits = reinterpret<u64>(<f64>x);
  let exponent = <i32>(bits >> 52) - 1023;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    exponent++;
  }
  const s = (m - 1.0) / (m + 1.0);
  const z = s * s;
  const series =
    1.0 +
    z *
      (1.0 / 3.0 + z * (1.0 / 5.0 + z * (1.0 / 7.0 + z * (1.0 / 9.0 + z * (1.0 / 11.0 + z * (1.0 / 13.0))))));
  return <f32>(exponent * 0.6931471805599453 + 2.0 * s * series);
}
