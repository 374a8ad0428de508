// For every processor with SSE, which AVX2 and AVX-512 include; inside the namespace of each.

/** Four by four floats, turned around: `to[i * toRow + j] = factor * from[j * fromRow + i]`. */
inline void transposeBlock(const float* from, ptrdiff_t fromRow, float factor, float* to, ptrdiff_t toRow) {
  __m128 row0 = _mm_loadu_ps(from);
  __m128 row1 = _mm_loadu_ps(from + fromRow);
  __m128 row2 = _mm_loadu_ps(from + 2 * fromRow);
  __m128 row3 = _mm_loadu_ps(from + 3 * fromRow);
  _MM_TRANSPOSE4_PS(row0, row1, row2, row3);
  const __m128 factors = _mm_set1_ps(factor);
  _mm_storeu_ps(to, _mm_mul_ps(row0, factors));
  _mm_storeu_ps(to + toRow, _mm_mul_ps(row1, factors));
  _mm_storeu_ps(to + 2 * toRow, _mm_mul_ps(row2, factors));
  _mm_storeu_ps(to + 3 * toRow, _mm_mul_ps(row3, factors));
}

/** The sum of all lanes: the upper half on the lower, until one is left. */
inline float sumOfLanes(__m128 x) {
  const __m128 pair = _mm_add_ps(x, _mm_movehl_ps(x, x));
  return _mm_cvtss_f32(_mm_add_ss(pair, _mm_shuffle_ps(pair, pair, 1)));
}

/** The largest of all lanes, of numbers. */
inline float largestOfLanes(__m128 x) {
  const __m128 pair = _mm_max_ps(x, _mm_movehl_ps(x, x));
  return _mm_cvtss_f32(_mm_max_ss(pair, _mm_shuffle_ps(pair, pair, 1)));
}
