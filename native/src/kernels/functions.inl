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
 * The normal distribution function, `1/2 + x P(x^2) / Q(x^2)`: our own fit of degrees 5 and 5 for |x| <= 5.6, beyond which
 * it is 0 or 1. The formula and coefficients of shaders/normal_distribution.wgsl. The fit's error is below 1e-8; in
 * float32 the absolute error is below 2e-7.
 */
VITRINE_INLINE Vec normalDistribution(Vec x) {
  const Vec bounded = smaller(Vec::splat(5.6f), larger(Vec::splat(-5.6f), x));
  const Vec z = bounded * bounded;
  Vec p = Vec::splat(2.2145190570199702e-8f);
  p = multiplyAdd(p, z, Vec::splat(6.356497578963172e-6f));
  p = multiplyAdd(p, z, Vec::splat(1.7384989769197e-4f));
  p = multiplyAdd(p, z, Vec::splat(4.707254469394684e-3f));
  p = multiplyAdd(p, z, Vec::splat(3.437605872750282e-2f));
  p = multiplyAdd(p, z, Vec::splat(3.98942232131958e-1f));
  Vec q = Vec::splat(1.1802057997556403e-6f);
  q = multiplyAdd(q, z, Vec::splat(7.510149589506909e-5f));
  q = multiplyAdd(q, z, Vec::splat(1.9129739375784993e-3f));
  q = multiplyAdd(q, z, Vec::splat(2.8940055519342422e-2f));
  q = multiplyAdd(q, z, Vec::splat(2.528337240219116e-1f));
  q = multiplyAdd(q, z, Vec::splat(1.0f));
  const Vec inside = multiplyAdd(bounded, p / q, Vec::splat(0.5f));
  // Exactly 0, because x may be as large as it likes and is multiplied with this.
  return select(less(x, Vec::splat(-5.5f)), Vec::zero(), inside);
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
