// Kernels that treat a row as a whole. The order of additions depends on the length of the row alone.

/** The lanes' sum, in a fixed order. */
inline float sumOf(Vec x) {
  float lanes[Vec::width];
  x.store(lanes);
  for (int half = Vec::width / 2; half > 0; half /= 2) {
    for (int i = 0; i < half; i++) lanes[i] += lanes[i + half];
  }
  return lanes[0];
}

/** The larger of two; not a number if one of them is not. */
inline Vec largest(Vec a, Vec b) { return select(isNaN(a), a, larger(a, b)); }
inline Vec smallest(Vec a, Vec b) { return select(isNaN(a), a, smaller(a, b)); }

/** Calls `visit(index, vector)` for the vectors of a row; the last may be padded with zeros. */
template <typename Visit>
inline void forEachVector(const float* x, ptrdiff_t count, Visit visit) {
  ptrdiff_t i = 0;
  for (; i + Vec::width <= count; i += Vec::width) visit(i, Vec::load(x + i));
  if (i < count) visit(i, Vec::loadPartial(x + i, static_cast<int>(count - i)));
}

/** As `forEachVector`, but only whole vectors; returns where the rest begins. */
template <typename Fold>
inline ptrdiff_t foldWhole(const float* x, ptrdiff_t count, Vec& first, Vec& second, Fold fold) {
  ptrdiff_t i = 0;
  // Two chains of operations, so that one need not wait for the other.
  for (; i + 2 * Vec::width <= count; i += 2 * Vec::width) {
    first = fold(first, Vec::load(x + i));
    second = fold(second, Vec::load(x + i + Vec::width));
  }
  if (i + Vec::width <= count) {
    first = fold(first, Vec::load(x + i));
    i += Vec::width;
  }
  return i;
}

/** Stores vectors, the last one perhaps in part. */
inline void storeAt(float* output, ptrdiff_t i, ptrdiff_t count, Vec x) {
  if (i + Vec::width <= count) {
    x.store(output + i);
  } else {
    x.storePartial(output + i, static_cast<int>(count - i));
  }
}

inline Vec loadAt(const float* x, ptrdiff_t i, ptrdiff_t count) {
  return i + Vec::width <= count ? Vec::load(x + i) : Vec::loadPartial(x + i, static_cast<int>(count - i));
}

/** The sum of `count` numbers, at most a few thousand. */
inline float shortSum(const float* x, ptrdiff_t count) {
  Vec first = Vec::zero();
  Vec second = Vec::zero();
  const ptrdiff_t i = foldWhole(x, count, first, second, [](Vec total, Vec v) { return total + v; });
  const Vec rest = i < count ? Vec::loadPartial(x + i, static_cast<int>(count - i)) : Vec::zero();
  return sumOf(first + second + rest);
}

/** Long rows are summed in pieces, the pieces' sums in double precision. */
inline double longSum(const float* x, ptrdiff_t count) {
  constexpr ptrdiff_t piece = 1024;
  double total = 0.0;
  for (ptrdiff_t i = 0; i < count; i += piece) {
    total += static_cast<double>(shortSum(x + i, count - i < piece ? count - i : piece));
  }
  return total;
}

/** The largest or smallest number of a row that is not empty. */
template <typename Fold>
inline float extreme(const float* x, ptrdiff_t count, Fold fold) {
  Vec first = Vec::splat(x[0]);
  if (count < Vec::width) {
    for (ptrdiff_t i = 1; i < count; i++) first = fold(first, Vec::splat(x[i]));
  } else {
    Vec second = first;
    foldWhole(x, count, first, second, fold);
    // The rest together with numbers that were seen before, which changes nothing here.
    first = fold(fold(first, second), Vec::load(x + count - Vec::width));
  }
  float lanes[Vec::width];
  first.store(lanes);
  Vec result = first;
  for (const float lane : lanes) result = fold(result, Vec::splat(lane));
  result.store(lanes);
  return lanes[0];
}

inline float reduceRow(Reduction reduction, const float* x, ptrdiff_t count) {
  switch (reduction) {
    case Reduction::sum:
      return static_cast<float>(longSum(x, count));
    case Reduction::mean:
      return static_cast<float>(longSum(x, count) / static_cast<double>(count));
    case Reduction::max:
      return count == 0 ? -HUGE_VALF : extreme(x, count, largest);
    case Reduction::min:
      return count == 0 ? HUGE_VALF : extreme(x, count, smallest);
  }
  return 0.0f;
}

inline void accumulateRow(Reduction reduction, float* total, const float* x, ptrdiff_t count) {
  forEachVector(x, count, [&](ptrdiff_t i, Vec v) {
    const Vec known = loadAt(total, i, count);
    const Vec next = reduction == Reduction::max   ? largest(known, v)
                     : reduction == Reduction::min ? smallest(known, v)
                                                   : known + v;
    storeAt(total, i, count, next);
  });
}

/** `exp(x - max) / sum`; the output may be the input. */
inline void softmaxRow(const float* x, float* output, ptrdiff_t count) {
  if (count == 0) return;
  const Vec highest = Vec::splat(extreme(x, count, largest));
  Vec total = Vec::zero();
  ptrdiff_t i = 0;
  for (; i + Vec::width <= count; i += Vec::width) {
    const Vec e = exponentialOfNegative(Vec::load(x + i) - highest);
    e.store(output + i);
    total = total + e;
  }
  float sum = sumOf(total);
  if (i < count) {
    const int rest = static_cast<int>(count - i);
    exponentialOfNegative(Vec::loadPartial(x + i, rest) - highest).storePartial(output + i, rest);
    sum += sumOf(Vec::loadPartial(output + i, rest));
  }
  const Vec factor = Vec::splat(1.0f / sum);
  forEachVector(output, count, [&](ptrdiff_t at, Vec e) { storeAt(output, at, count, e * factor); });
}

/** Mean of a row, and one over the square root of its variance plus epsilon; the variance about the mean. */
struct Moments {
  float mean;
  float scale;
};

inline Moments momentsOf(const float* x, ptrdiff_t count, float epsilon) {
  const float mean = static_cast<float>(longSum(x, count) / static_cast<double>(count));
  const Vec centre = Vec::splat(mean);
  Vec squares = Vec::zero();
  ptrdiff_t i = 0;
  for (; i + Vec::width <= count; i += Vec::width) {
    const Vec d = Vec::load(x + i) - centre;
    squares = multiplyAdd(d, d, squares);
  }
  float sum = sumOf(squares);
  for (; i < count; i++) sum += (x[i] - mean) * (x[i] - mean);
  return {mean, 1.0f / sqrtf(sum / static_cast<float>(count) + epsilon)};
}

inline void layerNormRow(const float* x, const float* weight, const float* bias, float epsilon, float* output,
                         ptrdiff_t count) {
  const Moments moments = momentsOf(x, count, epsilon);
  const Vec mean = Vec::splat(moments.mean);
  const Vec scale = Vec::splat(moments.scale);
  forEachVector(x, count, [&](ptrdiff_t i, Vec v) {
    const Vec z = (v - mean) * scale;
    storeAt(output, i, count, multiplyAdd(z, loadAt(weight, i, count), loadAt(bias, i, count)));
  });
}

/** `y (g - sum(y g))` */
inline void softmaxGradientRow(const float* y, const float* gradient, float* output, ptrdiff_t count) {
  Vec products = Vec::zero();
  forEachVector(y, count,
                [&](ptrdiff_t i, Vec v) { products = multiplyAdd(v, loadAt(gradient, i, count), products); });
  const Vec dot = Vec::splat(sumOf(products));
  forEachVector(y, count, [&](ptrdiff_t i, Vec v) {
    storeAt(output, i, count, v * (loadAt(gradient, i, count) - dot));
  });
}

/** `(u - mean(u) - z mean(u z)) / s` with `u = g weight`, `z = (x - mean) / s`. */
inline void layerNormGradientRow(const float* x, const float* weight, const float* gradient, float epsilon,
                                 float* output, ptrdiff_t count) {
  const Moments moments = momentsOf(x, count, epsilon);
  const Vec mean = Vec::splat(moments.mean);
  const Vec scale = Vec::splat(moments.scale);
  Vec sumU = Vec::zero();
  Vec sumUZ = Vec::zero();
  forEachVector(x, count, [&](ptrdiff_t i, Vec v) {
    const Vec u = loadAt(gradient, i, count) * loadAt(weight, i, count);  // 0 behind the end
    sumU = sumU + u;
    sumUZ = multiplyAdd(u, (v - mean) * scale, sumUZ);
  });
  const Vec meanU = Vec::splat(sumOf(sumU) / static_cast<float>(count));
  const Vec meanUZ = Vec::splat(sumOf(sumUZ) / static_cast<float>(count));
  forEachVector(x, count, [&](ptrdiff_t i, Vec v) {
    const Vec u = loadAt(gradient, i, count) * loadAt(weight, i, count);
    storeAt(output, i, count, (u - meanU - (v - mean) * scale * meanUZ) * scale);
  });
}
