// Element-wise functions on vectors.

/** `e^r` with `r = x - n ln 2`, |r| <= ln 2 / 2: a polynomial of our own fit, relative error below 4e-9. */
VITRINE_INLINE Vec exponentialOfRest(Vec x, Vec n) {
  // ln 2 in two parts, the first with so few digits that its product with n is exact.
  const Vec coarse = multiplyAdd(n, Vec::splat(-0.693359375f), x);
  const Vec r = multiplyAdd(n, Vec::splat(2.12194440e-4f), coarse);
  const Vec square = r * r;
  const Vec low = multiplyAdd(Vec::splat(0.16666521f), r, Vec::splat(0.49999993f));
  const Vec middle = multiplyAdd(Vec::splat(0.00836872f), r, Vec::splat(0.04166839f));
  const Vec high = multiplyAdd(Vec::splat(0.00138146f), square, middle);
  return multiplyAdd(multiplyAdd(high, square, low), square, r) + Vec::splat(1.0f);
}

/**
 * e to the power of x: `x = n ln 2 + r` with a whole number n. What remains is float32's rounding: at most 1 unit in
 * the last place for results that are not subnormal. Overflows to infinity, vanishes to 0, keeps what is not a number.
 */
VITRINE_INLINE Vec exponential(Vec x) {
  // The bound comes first, because `larger` and `smaller` give their second operand if it is not a number.
  const Vec bounded = smaller(Vec::splat(90.0f), larger(Vec::splat(-110.0f), x));
  const Vec n = rounded(bounded * Vec::splat(1.44269504f));
  // In two steps, because n reaches beyond the exponents of normal numbers on both sides.
  const Vec half = rounded(n * Vec::splat(0.5f));
  return exponentialOfRest(bounded, n) * powerOfTwo(half) * powerOfTwo(n - half);
}

/** The same for `x <= 0`, in fewer steps; what is smaller than 2^-126 becomes 0. */
VITRINE_INLINE Vec exponentialOfNegative(Vec x) {
  const Vec bounded = larger(Vec::splat(-88.0f), x);
  // Down to -127, for which `powerOfTwo` gives 0.
  const Vec n = rounded(bounded * Vec::splat(1.44269504f));
  return exponentialOfRest(bounded, n) * powerOfTwo(n);
}

/** Used by no model's inner loops: the library's function, lane by lane. */
inline Vec logarithm(Vec x) {
  float lanes[Vec::width];
  x.store(lanes);
  for (float& lane : lanes) lane = logf(lane);
  return Vec::load(lanes);
}

/**
 * The normal distribution function, `1 - erfc(x / sqrt 2) / 2`, with `erfc(y) = t exp(P(u) - y^2)`, `t = 2 / (2 + y)`
 * for `y >= 0` and u the range of t mapped to [-1, 1]: the formula and coefficients of shaders/normal_distribution.wgsl
 * and of the reference. In float32 the absolute error is below 3e-7, and the lower tail keeps its relative accuracy.
 */
VITRINE_INLINE Vec normalDistribution(Vec x) {
  const Vec y = absolute(x) * Vec::splat(0.70710678f);
  const Vec t = Vec::splat(2.0f) / (Vec::splat(2.0f) + y);
  const Vec u = multiplyAdd(t, Vec::splat(2.42105263f), Vec::splat(-1.42105263f));
  // The polynomial in pairs, then pairs of pairs: short chains of operations, which the processor works on side by side.
  const auto pair = [u](float low, float high) { return multiplyAdd(Vec::splat(high), u, Vec::splat(low)); };
  const Vec u2 = u * u;
  const Vec u4 = u2 * u2;
  const Vec p0 = multiplyAdd(pair(0.0147163142916f, -0.0287418231699f), u2, pair(-0.553634987437f, 0.565612774347f));
  const Vec p4 =
      multiplyAdd(pair(-0.000301671660408f, -0.000505045107031f), u2, pair(-0.000852058054534f, 0.00353944090778f));
  const Vec p8 =
      multiplyAdd(pair(-0.0000353835795562f, -0.0000038036313684f), u2, pair(0.000142015498678f, 0.000059625468177f));
  const Vec p12 = multiplyAdd(Vec::splat(0.00000460230403181f), u4, p8);
  const Vec p = multiplyAdd(multiplyAdd(p12, u4, p4), u4, p0);
  // x * x / 2 in place of y * y, whose rounding would count as much as all the rest. P is negative.
  const Vec exponent = multiplyAdd(x * Vec::splat(-0.5f), x, p);
  const Vec tail = Vec::splat(0.5f) * t * exponentialOfNegative(exponent);
  return select(less(x, Vec::zero()), tail, Vec::splat(1.0f) - tail);
}

VITRINE_INLINE Vec normalDensity(Vec x) {
  return Vec::splat(0.39894228f) * exponentialOfNegative(x * Vec::splat(-0.5f) * x);
}

VITRINE_INLINE Vec geluOf(Vec x) { return x * normalDistribution(x); }

/** `g (Phi(x) + x phi(x))` */
VITRINE_INLINE Vec geluGradientOf(Vec x, Vec g) {
  return g * multiplyAdd(x, normalDensity(x), normalDistribution(x));
}

inline Vec oneWhere(Mask condition) { return select(condition, Vec::splat(1.0f), Vec::zero()); }

/** The function of that name, on vectors; operands beyond its own are ignored. */
template <Function function>
inline Vec apply(Vec a, Vec b, Vec c) {
  switch (function) {
    case Function::copy:
      return a;
    case Function::negate:
      return -a;
    case Function::relu:
      return select(less(a, Vec::zero()), Vec::zero(), a);
    case Function::exp:
      return exponential(a);
    case Function::log:
      return logarithm(a);
    case Function::sqrt:
      return squareRoot(a);
    case Function::gelu:
      return geluOf(a);
    case Function::add:
      return a + b;
    case Function::subtract:
      return a - b;
    case Function::multiply:
      return a * b;
    case Function::divide:
      return a / b;
    case Function::geluGradient:
      return geluGradientOf(a, b);
    case Function::equal:
      return oneWhere(equal(a, b));
    case Function::less:
      return oneWhere(less(a, b));
    case Function::greater:
      return oneWhere(less(b, a));
    case Function::where:
      return select(equal(a, Vec::zero()), c, b);
  }
  return a;
}

constexpr int operandsOf(Function function) {
  return function == Function::where ? 3 : function >= Function::add ? 2 : 1;
}

template <Function function>
void mapRow(const float* const* operands, const int* steps, float* output, ptrdiff_t count) {
  constexpr int wanted = operandsOf(function);
  Vec values[3] = {Vec::zero(), Vec::zero(), Vec::zero()};
  for (int j = 0; j < wanted; j++) {
    if (steps[j] == 0) values[j] = Vec::splat(*operands[j]);
  }
  ptrdiff_t i = 0;
  for (; i + Vec::width <= count; i += Vec::width) {
    for (int j = 0; j < wanted; j++) {
      if (steps[j] != 0) values[j] = Vec::load(operands[j] + i);
    }
    apply<function>(values[0], values[1], values[2]).store(output + i);
  }
  const int rest = static_cast<int>(count - i);
  if (rest == 0) return;
  for (int j = 0; j < wanted; j++) {
    if (steps[j] != 0) values[j] = Vec::loadPartial(operands[j] + i, rest);
  }
  apply<function>(values[0], values[1], values[2]).storePartial(output + i, rest);
}
