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

/** Sixteen by sixteen floats, turned around: as `transposeBlock`, in a third of its instructions for each. */
inline void transposeSquare(const float* from, ptrdiff_t fromRow, float factor, float* to, ptrdiff_t toRow) {
  // Four rows each: lane l of quarter j holds their column 4 l + j.
  __m512 quarters[4][4];
  for (int rows = 0; rows < 4; rows++) {
    const float* first = from + 4 * rows * fromRow;
    const __m512 row0 = _mm512_loadu_ps(first);
    const __m512 row1 = _mm512_loadu_ps(first + fromRow);
    const __m512 row2 = _mm512_loadu_ps(first + 2 * fromRow);
    const __m512 row3 = _mm512_loadu_ps(first + 3 * fromRow);
    const __m512d low01 = _mm512_castps_pd(_mm512_unpacklo_ps(row0, row1));
    const __m512d high01 = _mm512_castps_pd(_mm512_unpackhi_ps(row0, row1));
    const __m512d low23 = _mm512_castps_pd(_mm512_unpacklo_ps(row2, row3));
    const __m512d high23 = _mm512_castps_pd(_mm512_unpackhi_ps(row2, row3));
    quarters[0][rows] = _mm512_castpd_ps(_mm512_unpacklo_pd(low01, low23));
    quarters[1][rows] = _mm512_castpd_ps(_mm512_unpackhi_pd(low01, low23));
    quarters[2][rows] = _mm512_castpd_ps(_mm512_unpacklo_pd(high01, high23));
    quarters[3][rows] = _mm512_castpd_ps(_mm512_unpackhi_pd(high01, high23));
  }
  constexpr int even = 0x88;
  constexpr int odd = 0xdd;
  const __m512 factors = _mm512_set1_ps(factor);
  for (int j = 0; j < 4; j++) {
    const __m512* rows = quarters[j];
    const __m512 lanes02 = _mm512_shuffle_f32x4(rows[0], rows[1], even);
    const __m512 lanes13 = _mm512_shuffle_f32x4(rows[0], rows[1], odd);
    const __m512 lower02 = _mm512_shuffle_f32x4(rows[2], rows[3], even);
    const __m512 lower13 = _mm512_shuffle_f32x4(rows[2], rows[3], odd);
    const auto store = [&](int column, __m512 values) {
      _mm512_storeu_ps(to + column * toRow, _mm512_mul_ps(values, factors));
    };
    store(j, _mm512_shuffle_f32x4(lanes02, lower02, even));
    store(4 + j, _mm512_shuffle_f32x4(lanes13, lower13, even));
    store(8 + j, _mm512_shuffle_f32x4(lanes02, lower02, odd));
    store(12 + j, _mm512_shuffle_f32x4(lanes13, lower13, odd));
  }
}

inline float sumOfLanes(Vec a) {
  const __m256 upper = _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(a.v), 1));
  const __m256 half = _mm256_add_ps(_mm512_castps512_ps256(a.v), upper);
  return sumOfLanes(_mm_add_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1)));
}

}  // namespace avx512
}  // namespace vitrine
