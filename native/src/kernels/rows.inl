// Kernels that treat a row as a whole. The order of additions depends on the length of the row alone.

/**
 * Sixteen floats, in as many registers as that takes. Sums run in sixteen chains on every processor, so that their bits
 * do not depend on the width of its registers: with fused multiply-adds, AVX2, AVX-512 and NEON give the same results.
 */
struct Lanes {
  static constexpr int width = 16;
  static constexpr int parts = width / Vec::width;

  Vec part[parts];

  static Lanes splat(float x) {
    Lanes result;
    for (Vec& v : result.part) v = Vec::splat(x);
    return result;
  }
  /** The first `count` floats of sixteen; zeros behind them. Reads no further. */
  static Lanes load(const float* p, ptrdiff_t count) {
    Lanes result;
    for (int i = 0; i < parts; i++) {
      const ptrdiff_t rest = count - i * Vec::width;
      result.part[i] = rest >= Vec::width ? Vec::load(p + i * Vec::width)
                       : rest > 0         ? Vec::loadPartial(p + i * Vec::width, static_cast<int>(rest))
                                          : Vec::zero();
    }
    return result;
  }
  void store(float* p, ptrdiff_t count) const {
    for (int i = 0; i < parts; i++) {
      const ptrdiff_t rest = count - i * Vec::width;
      if (rest >= Vec::width) {
        part[i].store(p + i * Vec::width);
      } else if (rest > 0) {
        part[i].storePartial(p + i * Vec::width, static_cast<int>(rest));
      }
    }
  }
  /** The first `count` floats, from 0 to 15; zeros behind them. */
  Lanes firstOf(ptrdiff_t count) const {
    Lanes result;
    for (int i = 0; i < parts; i++) {
      const ptrdiff_t rest = count - i * Vec::width;
      result.part[i] = rest >= Vec::width ? part[i]
                       : rest > 0         ? part[i].firstOf(static_cast<int>(rest))
                                          : Vec::zero();
    }
    return result;
  }
  /** `function` of corresponding vectors. */
  template <typename Function, typename... Others>
  static VITRINE_INLINE Lanes each(Function function, const Others&... others) {
    Lanes result;
    for (int i = 0; i < parts; i++) result.part[i] = function(others.part[i]...);
    return result;
  }
  /** The sum of all sixteen, in a fixed order: the upper half on the lower, until one is left. */
  float sum() const {
    Lanes halves = *this;
    for (int half = parts / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) halves.part[i] = halves.part[i] + halves.part[i + half];
    }
    return sumOfLanes(halves.part[0]);
  }
};

inline Lanes operator+(const Lanes& a, const Lanes& b) {
  return Lanes::each([](Vec x, Vec y) { return x + y; }, a, b);
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

/** What is folded, some vectors at a time: numbers as they lie, or what is made of them, which stays in registers. */
template <bool times, bool rectified>
struct Source {
  const float* a;
  const float* b;

  template <int vectors>
  VITRINE_INLINE void load(ptrdiff_t i, Vec (&result)[vectors]) const {
    for (int j = 0; j < vectors; j++) {
      const ptrdiff_t at = i + j * Vec::width;
      result[j] = made(Vec::load(a + at), times ? Vec::load(b + at) : Vec::zero());
    }
  }
  /** The first `count` elements of a vector; zeros behind them, of which zeros are made. */
  VITRINE_INLINE Vec loadPartial(ptrdiff_t i, int count) const {
    return made(Vec::loadPartial(a + i, count), times ? Vec::loadPartial(b + i, count) : Vec::zero());
  }
  VITRINE_INLINE Source row(ptrdiff_t number, const ptrdiff_t* distances) const {
    return {a + number * distances[0], times ? b + number * distances[1] : nullptr};
  }

 private:
  static VITRINE_INLINE Vec made(Vec x, Vec y) {
    if (times) x = apply<Function::multiply>(x, y);
    return rectified ? apply<Function::relu>(x) : x;
  }
};

using Numbers = Source<false, false>;

/** `use` of what is folded. */
template <typename Use>
VITRINE_INLINE auto withSource(const Elements& of, Use use) {
  switch (of.made) {
    case Made::multiply:
      return use(Source<true, false>{of.a, of.b});
    case Made::relu:
      return use(Source<false, true>{of.a, nullptr});
    case Made::multiplyRelu:
      return use(Source<true, true>{of.a, of.b});
    case Made::copy:
      break;
  }
  return use(Numbers{of.a, nullptr});
}

/** The sum of `count` numbers from `start` on, at most a few thousand. */
template <typename Source>
inline float shortSum(const Source& source, ptrdiff_t start, ptrdiff_t count) {
  Lanes total = Lanes::splat(0.0f);
  ptrdiff_t i = 0;
  for (; i + Lanes::width <= count; i += Lanes::width) {
    Lanes next;
    source.load(start + i, next.part);
    total = total + next;
  }
  for (int part = 0; i < count; part++, i += Vec::width) {
    const ptrdiff_t rest = count - i;
    total.part[part] = total.part[part] + source.loadPartial(start + i, static_cast<int>(rest < Vec::width ? rest : Vec::width));
  }
  return total.sum();
}

/** Long rows are summed in pieces, the pieces' sums in double precision. */
template <typename Source>
inline double longSum(const Source& source, ptrdiff_t count) {
  constexpr ptrdiff_t piece = 1024;
  double total = 0.0;
  for (ptrdiff_t i = 0; i < count; i += piece) {
    total += static_cast<double>(shortSum(source, i, count - i < piece ? count - i : piece));
  }
  return total;
}

/** The numbers of a row that is not empty, folded into the lanes of one vector. */
template <typename Source, typename Fold>
inline Vec foldedLanes(const Source& source, ptrdiff_t count, Fold fold) {
  const auto at = [&source](ptrdiff_t i) {
    Vec result[1];
    source.load(i, result);
    return result[0];
  };
  Vec first;
  if (count < Vec::width) {
    float lanes[Vec::width];
    source.loadPartial(0, static_cast<int>(count)).store(lanes);
    first = Vec::splat(lanes[0]);
    for (ptrdiff_t i = 1; i < count; i++) first = fold(first, Vec::splat(lanes[i]));
  } else {
    // Two chains of operations, so that one need not wait for the other.
    first = at(0);
    Vec second = first;
    for (ptrdiff_t i = 0; i + 2 * Vec::width <= count; i += 2 * Vec::width) {
      first = fold(first, at(i));
      second = fold(second, at(i + Vec::width));
    }
    if (count % (2 * Vec::width) >= Vec::width) first = fold(first, at(count - count % (2 * Vec::width)));
    // The rest together with numbers that were seen before, which changes nothing here.
    first = fold(fold(first, second), at(count - Vec::width));
  }
  return first;
}

/** The largest or smallest number of a row that is not empty. */
template <typename Source, typename Fold>
inline float extreme(const Source& source, ptrdiff_t count, Fold fold) {
  float lanes[Vec::width];
  Vec result = foldedLanes(source, count, fold);
  result.store(lanes);
  for (const float lane : lanes) result = fold(result, Vec::splat(lane));
  result.store(lanes);
  return lanes[0];
}

template <typename Source>
inline float reduceWith(Reduction reduction, const Source& source, ptrdiff_t count) {
  switch (reduction) {
    case Reduction::sum:
      return static_cast<float>(longSum(source, count));
    case Reduction::mean:
      return static_cast<float>(longSum(source, count) / static_cast<double>(count));
    case Reduction::max:
      return count == 0 ? -HUGE_VALF : extreme(source, count, largest);
    case Reduction::min:
      return count == 0 ? HUGE_VALF : extreme(source, count, smallest);
  }
  return 0.0f;
}

inline void reduceRows(Reduction reduction, const Elements& of, const ptrdiff_t* distances, ptrdiff_t rows,
                       ptrdiff_t count, float* output) {
  withSource(of, [=](const auto& source) {
    for (ptrdiff_t row = 0; row < rows; row++) output[row] = reduceWith(reduction, source.row(row, distances), count);
  });
}

template <typename Source, typename Fold>
inline void accumulateWith(Fold fold, float* total, const Source& source, const ptrdiff_t* distances, ptrdiff_t rows,
                           ptrdiff_t count) {
  // Some vectors of a row at a time: whole cache lines, and chains of additions that need not wait for each other.
  constexpr int vectors = 4;
  ptrdiff_t i = 0;
  for (; i + vectors * Vec::width <= count; i += vectors * Vec::width) {
    Vec known[vectors];
    for (int j = 0; j < vectors; j++) known[j] = Vec::load(total + i + j * Vec::width);
    for (ptrdiff_t row = 0; row < rows; row++) {
      Vec next[vectors];
      source.row(row, distances).load(i, next);
      for (int j = 0; j < vectors; j++) known[j] = fold(known[j], next[j]);
    }
    for (int j = 0; j < vectors; j++) known[j].store(total + i + j * Vec::width);
  }
  for (; i < count; i += Vec::width) {
    Vec known = loadAt(total, i, count);
    const ptrdiff_t rest = count - i < Vec::width ? count - i : Vec::width;
    for (ptrdiff_t row = 0; row < rows; row++) {
      known = fold(known, source.row(row, distances).loadPartial(i, static_cast<int>(rest)));
    }
    storeAt(total, i, count, known);
  }
}

template <typename Source>
inline void accumulateFrom(Reduction reduction, float* total, const Source& source, const ptrdiff_t* distances,
                           ptrdiff_t rows, ptrdiff_t count) {
  switch (reduction) {
    case Reduction::sum:
    case Reduction::mean:
      return accumulateWith([](Vec a, Vec b) { return a + b; }, total, source, distances, rows, count);
    case Reduction::max:
      return accumulateWith(largest, total, source, distances, rows, count);
    case Reduction::min:
      return accumulateWith(smallest, total, source, distances, rows, count);
  }
}

inline void accumulateRows(Reduction reduction, float* total, const Elements& of, const ptrdiff_t* distances,
                           ptrdiff_t rows, ptrdiff_t count) {
  withSource(of, [=](const auto& source) { accumulateFrom(reduction, total, source, distances, rows, count); });
}

/** `exp(x - max) / sum`; the output may be the input. */
inline void softmaxRow(const float* x, float* output, ptrdiff_t count) {
  if (count == 0) return;
  // Whatever this is where an element is no number, its exponential is none either, and then nor is any of the row.
  const Vec highest = Vec::splat(largestOfLanes(foldedLanes(Numbers{x, nullptr}, count, larger)));
  Lanes total = Lanes::splat(0.0f);
  for (ptrdiff_t i = 0; i < count; i += Lanes::width) {
    const ptrdiff_t rest = count - i;
    Lanes e = Lanes::each([highest](Vec v) { return exponentialOfNegative(v - highest); }, Lanes::load(x + i, rest));
    e.store(output + i, rest);
    if (rest < Lanes::width) e = e.firstOf(rest);
    total = total + e;
  }
  // One division for the row: each would take as long as an exponential.
  const Vec factor = Vec::splat(1.0f / total.sum());
  forEachVector(output, count, [&](ptrdiff_t at, Vec e) { storeAt(output, at, count, e * factor); });
}

/** Mean of a row, and one over the square root of its variance plus epsilon; the variance about the mean. */
struct Moments {
  float mean;
  float scale;
};

inline Moments momentsOf(const float* x, ptrdiff_t count, float epsilon) {
  const float mean = static_cast<float>(longSum(Numbers{x, nullptr}, count) / static_cast<double>(count));
  Lanes squares = Lanes::splat(0.0f);
  for (ptrdiff_t i = 0; i < count; i += Lanes::width) {
    Lanes d = Lanes::each([mean](Vec v) { return v - Vec::splat(mean); }, Lanes::load(x + i, count - i));
    if (count - i < Lanes::width) {
      // What lies behind the end must not count.
      float lanes[Lanes::width];
      d.store(lanes, Lanes::width);
      d = Lanes::load(lanes, count - i);
    }
    squares = Lanes::each([](Vec v, Vec total) { return multiplyAdd(v, v, total); }, d, squares);
  }
  const double variance = static_cast<double>(squares.sum()) / static_cast<double>(count);
  return {mean, static_cast<float>(1.0 / sqrt(variance + static_cast<double>(epsilon)))};
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
  Lanes products = Lanes::splat(0.0f);
  for (ptrdiff_t i = 0; i < count; i += Lanes::width) {
    products = Lanes::each([](Vec a, Vec b, Vec total) { return multiplyAdd(a, b, total); },
                           Lanes::load(y + i, count - i), Lanes::load(gradient + i, count - i), products);
  }
  const Vec dot = Vec::splat(products.sum());
  forEachVector(y, count, [&](ptrdiff_t i, Vec v) {
    storeAt(output, i, count, v * (loadAt(gradient, i, count) - dot));
  });
}

/** `(u - mean(u) - z mean(u z)) / s` with `u = g weight`, `z = (x - mean) / s`, plus the residual if there is one. */
inline void layerNormGradientRow(const float* x, const float* weight, const float* gradient, const float* residual,
                                 float epsilon, float* output, ptrdiff_t count) {
  const Moments moments = momentsOf(x, count, epsilon);
  const Vec mean = Vec::splat(moments.mean);
  const Vec scale = Vec::splat(moments.scale);
  Lanes sumU = Lanes::splat(0.0f);
  Lanes sumUZ = sumU;
  for (ptrdiff_t i = 0; i < count; i += Lanes::width) {
    const ptrdiff_t rest = count - i;
    const Lanes u = Lanes::each([](Vec g, Vec w) { return g * w; }, Lanes::load(gradient + i, rest),
                                Lanes::load(weight + i, rest));  // 0 behind the end
    sumU = sumU + u;
    sumUZ = Lanes::each([mean, scale](Vec a, Vec v, Vec total) { return multiplyAdd(a, (v - mean) * scale, total); }, u,
                        Lanes::load(x + i, rest), sumUZ);
  }
  const Vec meanU = Vec::splat(sumU.sum() / static_cast<float>(count));
  const Vec meanUZ = Vec::splat(sumUZ.sum() / static_cast<float>(count));
  forEachVector(x, count, [&](ptrdiff_t i, Vec v) {
    const Vec u = loadAt(gradient, i, count) * loadAt(weight, i, count);
    const Vec result = (u - meanU - (v - mean) * scale * meanUZ) * scale;
    storeAt(output, i, count, residual ? result + loadAt(residual, i, count) : result);
  });
}
