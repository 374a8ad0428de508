// Four floats in a register, for 64-bit ARM processors.
#pragma once

#include <arm_neon.h>

#include <cstddef>
#include <cstdint>

namespace vitrine {
namespace neon {

struct Mask {
  uint32x4_t bits;
};

struct Vec {
  static constexpr int width = 4;
  /** The tile of a matrix product: rows by vectors of columns that fit the 32 registers. */
  static constexpr int tileRows = 7;  // with 8, GCC 12 and clang 14 keep some of the sums on the stack
  static constexpr int tileVectors = 3;

  float32x4_t v;

  static Vec zero() { return {vdupq_n_f32(0.0f)}; }
  static Vec splat(float x) { return {vdupq_n_f32(x)}; }
  static Vec load(const float* p) { return {vld1q_f32(p)}; }
  void store(float* p) const { vst1q_f32(p, v); }

  /** The first `count` floats, `count` from 0 to 4; zeros behind them. Reads no further. */
  static Vec loadPartial(const float* p, int count) {
    float lanes[width] = {};
    for (int i = 0; i < count; i++) lanes[i] = p[i];
    return load(lanes);
  }
  void storePartial(float* p, int count) const {
    float lanes[width];
    store(lanes);
    for (int i = 0; i < count; i++) p[i] = lanes[i];
  }

  /** The first `count` of these; zeros behind them. */
  Vec firstOf(int count) const {
    float lanes[width];
    store(lanes);
    return loadPartial(lanes, count);
  }
};

inline Vec operator+(Vec a, Vec b) { return {vaddq_f32(a.v, b.v)}; }
inline Vec operator-(Vec a, Vec b) { return {vsubq_f32(a.v, b.v)}; }
inline Vec operator*(Vec a, Vec b) { return {vmulq_f32(a.v, b.v)}; }
inline Vec operator/(Vec a, Vec b) { return {vdivq_f32(a.v, b.v)}; }
inline Vec operator-(Vec a) { return {vnegq_f32(a.v)}; }
/** `a * b + c` */
inline Vec multiplyAdd(Vec a, Vec b, Vec c) { return {vfmaq_f32(c.v, a.v, b.v)}; }

inline Mask less(Vec a, Vec b) { return {vcltq_f32(a.v, b.v)}; }
inline Mask equal(Vec a, Vec b) { return {vceqq_f32(a.v, b.v)}; }
inline Mask isNaN(Vec a) { return {vmvnq_u32(vceqq_f32(a.v, a.v))}; }
inline Vec select(Mask where, Vec yes, Vec no) { return {vbslq_f32(where.bits, yes.v, no.v)}; }

/** The larger; `b` if one of them is not a number. */
inline Vec larger(Vec a, Vec b) { return select(less(b, a), a, b); }
inline Vec smaller(Vec a, Vec b) { return select(less(a, b), a, b); }
inline Vec squareRoot(Vec a) { return {vsqrtq_f32(a.v)}; }
inline Vec absolute(Vec a) { return {vabsq_f32(a.v)}; }
/** To the nearest whole number. */
inline Vec rounded(Vec a) { return {vrndnq_f32(a.v)}; }
/** Two to the power of a whole number from -126 to 127. */
inline Vec powerOfTwo(Vec n) {
  const int32x4_t biased = vaddq_s32(vcvtq_s32_f32(n.v), vdupq_n_s32(127));
  return {vreinterpretq_f32_s32(vshlq_n_s32(biased, 23))};
}

/** The sum of all lanes: the upper half on the lower, until one is left. */
inline float sumOfLanes(Vec a) {
  const float32x2_t half = vadd_f32(vget_low_f32(a.v), vget_high_f32(a.v));
  return vget_lane_f32(half, 0) + vget_lane_f32(half, 1);
}

/** The largest of all lanes, of numbers. */
inline float largestOfLanes(Vec a) { return vmaxvq_f32(a.v); }

/** Four by four floats, turned around: `to[i * toRow + j] = factor * from[j * fromRow + i]`. */
inline void transposeBlock(const float* from, ptrdiff_t fromRow, float factor, float* to, ptrdiff_t toRow) {
  const float32x4x2_t upper = vtrnq_f32(vld1q_f32(from), vld1q_f32(from + fromRow));
  const float32x4x2_t lower = vtrnq_f32(vld1q_f32(from + 2 * fromRow), vld1q_f32(from + 3 * fromRow));
  const float32x4_t rows[4] = {
      vcombine_f32(vget_low_f32(upper.val[0]), vget_low_f32(lower.val[0])),
      vcombine_f32(vget_low_f32(upper.val[1]), vget_low_f32(lower.val[1])),
      vcombine_f32(vget_high_f32(upper.val[0]), vget_high_f32(lower.val[0])),
      vcombine_f32(vget_high_f32(upper.val[1]), vget_high_f32(lower.val[1])),
  };
  for (int i = 0; i < 4; i++) vst1q_f32(to + i * toRow, vmulq_n_f32(rows[i], factor));
}

/** As many floats as a register has, in rows and columns, turned around. */
inline void transposeSquare(const float* from, ptrdiff_t fromRow, float factor, float* to, ptrdiff_t toRow) {
  transposeBlock(from, fromRow, factor, to, toRow);
}

}  // namespace neon
}  // namespace vitrine
