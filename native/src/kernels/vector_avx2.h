// Eight floats in a register, for processors with AVX2 and FMA.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

namespace vitrine {
namespace avx2 {

struct Mask {
  __m256 bits;
};

struct Vec {
  static constexpr int width = 8;
  /** The tile of a matrix product: rows by vectors of columns that fit the 16 registers. */
  static constexpr int tileRows = 6;
  static constexpr int tileVectors = 2;

  __m256 v;

  static Vec zero() { return {_mm256_setzero_ps()}; }
  static Vec splat(float x) { return {_mm256_set1_ps(x)}; }
  static Vec load(const float* p) { return {_mm256_loadu_ps(p)}; }
  void store(float* p) const { _mm256_storeu_ps(p, v); }

  /** The first `count` floats, `count` from 0 to 8; zeros behind them. Reads no further. */
  static Vec loadPartial(const float* p, int count) { return {_mm256_maskload_ps(p, first(count))}; }
  void storePartial(float* p, int count) const { _mm256_maskstore_ps(p, first(count), v); }

  static __m256i first(int count) {
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), lanes);
  }
};

inline Vec operator+(Vec a, Vec b) { return {_mm256_add_ps(a.v, b.v)}; }
inline Vec operator-(Vec a, Vec b) { return {_mm256_sub_ps(a.v, b.v)}; }
inline Vec operator*(Vec a, Vec b) { return {_mm256_mul_ps(a.v, b.v)}; }
inline Vec operator/(Vec a, Vec b) { return {_mm256_div_ps(a.v, b.v)}; }
inline Vec operator-(Vec a) { return {_mm256_xor_ps(a.v, _mm256_set1_ps(-0.0f))}; }
/** `a * b + c` */
inline Vec multiplyAdd(Vec a, Vec b, Vec c) { return {_mm256_fmadd_ps(a.v, b.v, c.v)}; }
/** The larger; `b` if one of them is not a number. */
inline Vec larger(Vec a, Vec b) { return {_mm256_max_ps(a.v, b.v)}; }
inline Vec smaller(Vec a, Vec b) { return {_mm256_min_ps(a.v, b.v)}; }
inline Vec squareRoot(Vec a) { return {_mm256_sqrt_ps(a.v)}; }
inline Vec absolute(Vec a) { return {_mm256_andnot_ps(_mm256_set1_ps(-0.0f), a.v)}; }
/** To the nearest whole number. */
inline Vec rounded(Vec a) { return {_mm256_round_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)}; }
/** Two to the power of a whole number from -126 to 127. */
inline Vec powerOfTwo(Vec n) {
  const __m256i biased = _mm256_add_epi32(_mm256_cvtps_epi32(n.v), _mm256_set1_epi32(127));
  return {_mm256_castsi256_ps(_mm256_slli_epi32(biased, 23))};
}

inline Mask less(Vec a, Vec b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_LT_OQ)}; }
inline Mask equal(Vec a, Vec b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_EQ_OQ)}; }
inline Mask isNaN(Vec a) { return {_mm256_cmp_ps(a.v, a.v, _CMP_UNORD_Q)}; }
inline Vec select(Mask where, Vec yes, Vec no) { return {_mm256_blendv_ps(no.v, yes.v, where.bits)}; }

#include "block_sse.inl"

/** Eight by eight floats, turned around: as `transposeBlock`, in half of its instructions for each. */
inline void transposeSquare(const float* from, ptrdiff_t fromRow, float factor, float* to, ptrdiff_t toRow) {
  // Four rows each: lane l of quarter j holds their column 4 l + j.
  __m256 quarters[4][2];
  for (int rows = 0; rows < 2; rows++) {
    const float* first = from + 4 * rows * fromRow;
    const __m256 row0 = _mm256_loadu_ps(first);
    const __m256 row1 = _mm256_loadu_ps(first + fromRow);
    const __m256 row2 = _mm256_loadu_ps(first + 2 * fromRow);
    const __m256 row3 = _mm256_loadu_ps(first + 3 * fromRow);
    const __m256d low01 = _mm256_castps_pd(_mm256_unpacklo_ps(row0, row1));
    const __m256d high01 = _mm256_castps_pd(_mm256_unpackhi_ps(row0, row1));
    const __m256d low23 = _mm256_castps_pd(_mm256_unpacklo_ps(row2, row3));
    const __m256d high23 = _mm256_castps_pd(_mm256_unpackhi_ps(row2, row3));
    quarters[0][rows] = _mm256_castpd_ps(_mm256_unpacklo_pd(low01, low23));
    quarters[1][rows] = _mm256_castpd_ps(_mm256_unpackhi_pd(low01, low23));
    quarters[2][rows] = _mm256_castpd_ps(_mm256_unpacklo_pd(high01, high23));
    quarters[3][rows] = _mm256_castpd_ps(_mm256_unpackhi_pd(high01, high23));
  }
  const __m256 factors = _mm256_set1_ps(factor);
  for (int j = 0; j < 4; j++) {
    const __m256* rows = quarters[j];
    const __m256 left = _mm256_permute2f128_ps(rows[0], rows[1], 0x20);
    const __m256 right = _mm256_permute2f128_ps(rows[0], rows[1], 0x31);
    _mm256_storeu_ps(to + j * toRow, _mm256_mul_ps(left, factors));
    _mm256_storeu_ps(to + (4 + j) * toRow, _mm256_mul_ps(right, factors));
  }
}

inline float sumOfLanes(Vec a) {
  return sumOfLanes(_mm_add_ps(_mm256_castps256_ps128(a.v), _mm256_extractf128_ps(a.v, 1)));
}

}  // namespace avx2
}  // namespace vitrine
