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

  /** The first `count` of these; zeros behind them. */
  Vec firstOf(int count) const { return {_mm256_and_ps(v, _mm256_castsi256_ps(first(count)))}; }

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

// Of each four of two registers the lower or upper half, number by number or pair by pair in turns.
inline Vec interleaveLow(Vec a, Vec b) { return {_mm256_unpacklo_ps(a.v, b.v)}; }
inline Vec interleaveHigh(Vec a, Vec b) { return {_mm256_unpackhi_ps(a.v, b.v)}; }
inline Vec interleaveLowPairs(Vec a, Vec b) {
  return {_mm256_castpd_ps(_mm256_unpacklo_pd(_mm256_castps_pd(a.v), _mm256_castps_pd(b.v)))};
}
inline Vec interleaveHighPairs(Vec a, Vec b) {
  return {_mm256_castpd_ps(_mm256_unpackhi_pd(_mm256_castps_pd(a.v), _mm256_castps_pd(b.v)))};
}

#include "square_x86.inl"

/** Eight by eight floats, turned around: as `transposeBlock`, in half of its instructions for each. */
inline void transposeSquare(const float* from, ptrdiff_t fromRow, float factor, float* to, ptrdiff_t toRow) {
  Vec rows[2][4];
  for (int four = 0; four < 2; four++) turnFours(from + 4 * four * fromRow, fromRow, rows[four]);
  const Vec factors = Vec::splat(factor);
  for (int j = 0; j < 4; j++) {
    const Vec left = {_mm256_permute2f128_ps(rows[0][j].v, rows[1][j].v, 0x20)};
    const Vec right = {_mm256_permute2f128_ps(rows[0][j].v, rows[1][j].v, 0x31)};
    (left * factors).store(to + j * toRow);
    (right * factors).store(to + (4 + j) * toRow);
  }
}

inline float sumOfLanes(Vec a) {
  return sumOfLanes(_mm_add_ps(_mm256_castps256_ps128(a.v), _mm256_extractf128_ps(a.v, 1)));
}

inline float largestOfLanes(Vec a) {
  return largestOfLanes(_mm_max_ps(_mm256_castps256_ps128(a.v), _mm256_extractf128_ps(a.v, 1)));
}

}  // namespace avx2
}  // namespace vitrine
