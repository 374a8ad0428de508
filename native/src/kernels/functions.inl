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
 * e to the power of x: `x = n ln 2 + r` with a whole number n. What remains is float32's rounding: at most 1.02 units
 * in the last place for results that are not subnormal. Overflows to infinity, vanishes to 0, keeps what is not a number.
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

/** `e^(-x^2 / 2)`, which the normal distribution's function and density share. */
VITRINE_INLINE Vec bell(Vec x) { return exponentialOfNegative(x * Vec::splat(-0.5f) * x); }

/**
 * The normal distribution function: `e^(-y^2 / 2) P(y) / Q(y)` at `-y`, for `y >= 0`, and 1 less that at y. P and Q are
 * our own fit of degrees 4 and 5, relative error below 6e-9 up to y = 14, where float32 ends; the formula and coefficients
 * of shaders/normal_distribution.wgsl. In float32 the absolute error is below 2e-7, and the lower tail keeps its relative
 * accuracy.
 */
VITRINE_INLINE Vec normalDistribution(Vec x, Vec bellOfX) {
  const Vec y = smaller(Vec::splat(20.0f), absolute(x));
  Vec p = Vec::splat(4.077608697116375e-3f);
  p = multiplyAdd(p, y, Vec::splat(4.0372561663389206e-2f));
  p = multiplyAdd(p, y, Vec::splat(1.8246188759803772e-1f));
  p = multiplyAdd(p, y, Vec::splat(4.372510313987732e-1f));
  p = multiplyAdd(p, y, Vec::splat(0.5f));
  Vec q = Vec::splat(1.0220920667052269e-2f);
  q = multiplyAdd(q, y, Vec::splat(1.0120581835508347e-1f));
  q = multiplyAdd(q, y, Vec::splat(4.674292504787445e-1f));
  q = multiplyAdd(q, y, Vec::splat(1.1992909908294678f));
  q = multiplyAdd(q, y, Vec::splat(1.6723870038986206f));
  q = multiplyAdd(q, y, Vec::splat(1.0f));
  const Vec tail = bellOfX * (p / q);
  return select(less(x, Vec::zero()), tail, Vec::splat(1.0f) - tail);
}

VITRINE_INLINE Vec geluOf(Vec x) { return x * normalDistribution(x, bell(x)); }

/** `g (Phi(x) + x phi(x))`, with the density `phi(x) = e^(-x^2 / 2) / sqrt(2 pi)` */
VITRINE_INLINE Vec geluGradientOf(Vec x, Vec g) {
  const Vec e = bell(x);
  return g * multiplyAdd(x * Vec::splat(0.39894228f), e, normalDistribution(x, e));
}

/** The logistic function, without the exponential of a large number. Its lower tail keeps its relative accuracy. */
VITRINE_INLINE Vec sigmoidOf(Vec x) {
  const Vec e = exponentialOfNegative(-absolute(x));
  return select(less(x, Vec::zero()), e, Vec::splat(1.0f)) / (Vec::splat(1.0f) + e);
}

inline Vec oneWhere(Mask condition) { return select(condition, Vec::splat(1.0f), Vec::zero()); }

/** The formula of each function on the list, of as many vectors as it has operands. */
template <Function function, typename... Operands>
Vec apply(Operands... operands) = delete;

#define VITRINE_FORMULA(name, operands, parameters, formula) \
  template <>                                                \
  inline Vec apply<Function::name> parameters {              \
    return formula;                                          \
  }
VITRINE_FUNCTIONS(VITRINE_FORMULA)
#undef VITRINE_FORMULA

/** `apply` of the first values. */
template <Function function, int operands>
inline Vec applyTo(const Vec (&values)[3]) {
  if constexpr (operands == 1) {
    return apply<function>(values[0]);
  } else if constexpr (operands == 2) {
    return apply<function>(values[0], values[1]);
  } else {
    return apply<function>(values[0], values[1], values[2]);
  }
}

template <Function function, int wanted>
VITRINE_INLINE void mapRow(const float* const (&operands)[wanted], const int* steps, float* output, ptrdiff_t count) {
  Vec values[3] = {Vec::zero(), Vec::zero(), Vec::zero()};
  for (int j = 0; j < wanted; j++) {
    if (steps[j] == 0) values[j] = Vec::splat(*operands[j]);
  }
  ptrdiff_t i = 0;
  for (; i + Vec::width <= count; i += Vec::width) {
    for (int j = 0; j < wanted; j++) {
      if (steps[j] != 0) values[j] = Vec::load(operands[j] + i);
    }
    applyTo<function, wanted>(values).store(output + i);
  }
  const int rest = static_cast<int>(count - i);
  if (rest == 0) return;
  for (int j = 0; j < wanted; j++) {
    if (steps[j] != 0) values[j] = Vec::loadPartial(operands[j] + i, rest);
  }
  applyTo<function, wanted>(values).storePartial(output + i, rest);
}

template <Function function, int wanted>
void mapRows(const float* const* operands, const MapRows& part, float* output, ptrdiff_t count) {
  const float* from[wanted];
  for (int j = 0; j < wanted; j++) from[j] = operands[j];
  for (ptrdiff_t row = 0; row < part.rows; row++) {
    mapRow<function, wanted>(from, part.steps, output, count);
    for (int j = 0; j < wanted; j++) from[j] += part.operandRows[j];
    output += part.outputRow;
  }
}
