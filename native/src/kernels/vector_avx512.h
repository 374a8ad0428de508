// Sixteen floats in a register, for processors with AVX-512 F.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

namespace vitrine {
namespace avx512 {

struct Mask {
  __mmask16 bits;
};

struct Vec {
  static constexpr int width = 16;
  /** The tile of a matrix product: rows by vectors of columns that fit the 32 registers. */
  static constexpr int tileRows = 14;
  static constexpr int tileVectors = 2;

  __m512 v;

  static Vec zero() { return {_mm512_setzero_ps()}; }
  static Vec splat(float x) { return {_mm512_set1_ps(x)}; }
  static Vec load(const float* p) { return {_mm512_loadu_ps(p)}; }
  void store(float* p) const { _mm512_storeu_ps(p, v); }

  /** The first `count` floats, `count` from 0 to 16; zeros behind them. Reads no further. */
  static Vec loadPartial(const float* p, int count) { return {_mm512_maskz_loadu_ps(first(count), p)}; }
  void storePartial(float* p, int count) const { _mm512_mask_storeu_ps(p, first(count), v); }

  /** The first `count` of these; zeros behind them. */
  Vec firstOf(int count) const { return {_mm512_maskz_mov_ps(first(count), v)}; }

  static __mmask16 first(int count) { return static_cast<__mmask16>((1u << count) - 1u); }
};

inline Vec operator+(Vec a, Vec b) { return {_mm512_add_ps(a.v, b.v)}; }
inline Vec operator-(Vec a, Vec b) { return {_mm512_sub_ps(a.v, b.v)}; }
inline Vec operator*(Vec a, Vec b) { return {_mm512_mul_ps(a.v, b.v)}; }
inline Vec operator/(Vec a, Vec b) { return {_mm512_div_ps(a.v, b.v)}; }
inline Vec operator-(Vec a) {
  const __m512i sign = _mm512_set1_epi32(INT32_MIN);
  return {_mm512_castsi512_ps(_mm512_xor_si512(_mm512_castps_si512(a.v), sign))};
}
/** `a * b + c` */
inline Vec multiplyAdd(Vec a, Vec b, Vec c) { return {_mm512_fmadd_ps(a.v, b.v, c.v)}; }
/** The larger; `b` if one of them is not a number. */
inline Vec larger(Vec a, Vec b) { return {_mm512_max_ps(a.v, b.v)}; }
inline Vec smaller(Vec a, Vec b) { return {_mm512_min_ps(a.v, b.v)}; }
inline Vec squareRoot(Vec a) { return {_mm512_sqrt_ps(a.v)}; }
inline Vec absolute(Vec a) { return {_mm512_abs_ps(a.v)}; }
/** To the nearest whole number. */
inline Vec rounded(Vec a) {
  return {_mm512_roundscale_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)};
}
/** Two to the power of a whole number from -126 to 127. */
inline Vec powerOfTwo(Vec n) {
  const __m512i biased = _mm512_add_epi32(_mm512_cvtps_epi32(n.v), _mm512_set1_epi32(127));
  return {_mm512_castsi512_ps(_mm512_slli_epi32(biased, 23))};
}

inline Mask less(Vec a, Vec b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_LT_OQ)}; }
inline Mask equal(Vec a, Vec b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_EQ_OQ)}; }
inline Mask isNaN(Vec a) { return {_mm512_cmp_ps_mask(a.v, a.v, _CMP_UNORD_Q)}; }
inline Vec select(Mask where, Vec yes, Vec no) { return {_mm512_mask_blend_ps(where.bits, no.v, yes.v)}; }

#include "block_sse.inl"

// Of each four of two registers the lower or upper half, number by number or pair by pair in turns.
inline Vec interleaveLow(Vec a, Vec b) { return {_mm512_unpacklo_ps(a.v, b.v)}; }
inline Vec interleaveHigh(Vec a, Vec b) { return {_mm512_unpackhi_ps(a.v, b.v)}; }
inline Vec interleaveLowPairs(Vec a, Vec b) {
  return {_mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(a.v), _mm512_castps_pd(b.v)))};
}
inline Vec interleaveHighPairs(Vec a, Vec b) {
  return {_mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(a.v), _mm512_castps_pd(b.v)))};
}

#include "square_x86.inl"

/** Sixteen by sixteen floats, turned around: as `transposeBlock`, in a third of its instructions for each. */
inline void transposeSquare(const float* from, ptrdiff_t fromRow, float factor, float* to, ptrdiff_t toRow) {
  Vec rows[4][4];
  for (int four = 0; four < 4; four++) turnFours(from + 4 * four * fromRow, fromRow, rows[four]);
  constexpr int even = 0x88;
  constexpr int odd = 0xdd;
  const Vec factors = Vec::splat(factor);
  const auto store = [&](int column, __m512 values) { (Vec{values} * factors).store(to + column * toRow); };
  for (int j = 0; j < 4; j++) {
    const __m512 upperEven = _mm512_shuffle_f32x4(rows[0][j].v, rows[1][j].v, even);
    const __m512 upperOdd = _mm512_shuffle_f32x4(rows[0][j].v, rows[1][j].v, odd);
    const __m512 lowerEven = _mm512_shuffle_f32x4(rows[2][j].v, rows[3][j].v, even);
    const __m512 lowerOdd = _mm512_shuffle_f32x4(rows[2][j].v, rows[3][j].v, odd);
    store(j, _mm512_shuffle_f32x4(upperEven, lowerEven, even));
    store(4 + j, _mm512_shuffle_f32x4(upperOdd, lowerOdd, even));
    store(8 + j, _mm512_shuffle_f32x4(upperEven, lowerEven, odd));
    store(12 + j, _mm512_shuffle_f32x4(upperOdd, lowerOdd, odd));
  }
}

inline float sumOfLanes(Vec a) {
  const __m256 upper = _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(a.v), 1));
  const __m256 half = _mm256_add_ps(_mm512_castps512_ps256(a.v), upper);
  return sumOfLanes(_mm_add_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1)));
}

inline float largestOfLanes(Vec a) {
  const __m256 upper = _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(a.v), 1));
  const __m256 half = _mm256_max_ps(_mm512_castps512_ps256(a.v), upper);
  return largestOfLanes(_mm_max_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1)));
}

}  // namespace avx512
}  // namespace vitrine
