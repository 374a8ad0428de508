// Four floats as an array, for every processor: loops that a compiler may turn into whatever it has.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace vitrine {
namespace portable {

// The kernel check also builds this with 16, to walk the paths of wider registers on any processor.
#ifndef VITRINE_PORTABLE_WIDTH
#define VITRINE_PORTABLE_WIDTH 4
#endif

struct Mask {
  bool bits[VITRINE_PORTABLE_WIDTH];
};

struct Vec {
  static constexpr int width = VITRINE_PORTABLE_WIDTH;
  /** The tile of a matrix product: rows by vectors of columns that fit 16 registers of four floats. */
  static constexpr int tileRows = 4;
  static constexpr int tileVectors = 2;

  float v[width];

  static Vec zero() { return splat(0.0f); }
  static Vec splat(float x) {
    Vec result;
    for (float& lane : result.v) lane = x;
    return result;
  }
  static Vec load(const float* p) {
    Vec result;
    std::memcpy(result.v, p, sizeof result.v);
    return result;
  }
  void store(float* p) const { std::memcpy(p, v, sizeof v); }

  /** The first `count` floats, `count` from 0 to the width; zeros behind them. Reads no further. */
  static Vec loadPartial(const float* p, int count) {
    Vec result = zero();
    for (int i = 0; i < count; i++) result.v[i] = p[i];
    return result;
  }
  void storePartial(float* p, int count) const {
    for (int i = 0; i < count; i++) p[i] = v[i];
  }

  /** The first `count` of these; zeros behind them. */
  Vec firstOf(int count) const { return loadPartial(v, count); }
};

template <typename Function>
inline Vec each(Function function) {
  Vec result;
  for (int i = 0; i < Vec::width; i++) result.v[i] = function(i);
  return result;
}

template <typename Function>
inline Mask test(Function function) {
  Mask result;
  for (int i = 0; i < Vec::width; i++) result.bits[i] = function(i);
  return result;
}

inline Vec operator+(Vec a, Vec b) {
  return each([&](int i) { return a.v[i] + b.v[i]; });
}
inline Vec operator-(Vec a, Vec b) {
  return each([&](int i) { return a.v[i] - b.v[i]; });
}
inline Vec operator*(Vec a, Vec b) {
  return each([&](int i) { return a.v[i] * b.v[i]; });
}
inline Vec operator/(Vec a, Vec b) {
  return each([&](int i) { return a.v[i] / b.v[i]; });
}
inline Vec operator-(Vec a) {
  return each([&](int i) { return -a.v[i]; });
}
/** `a * b + c`, rounded twice: without the instruction, rounding once takes a call for each number. */
inline Vec multiplyAdd(Vec a, Vec b, Vec c) { return a * b + c; }
/** The larger; `b` if one of them is not a number. */
inline Vec larger(Vec a, Vec b) {
  return each([&](int i) { return a.v[i] > b.v[i] ? a.v[i] : b.v[i]; });
}
inline Vec smaller(Vec a, Vec b) {
  return each([&](int i) { return a.v[i] < b.v[i] ? a.v[i] : b.v[i]; });
}
inline Vec squareRoot(Vec a) {
  return each([&](int i) { return std::sqrt(a.v[i]); });
}
inline Vec absolute(Vec a) {
  return each([&](int i) { return std::fabs(a.v[i]); });
}
/** To the nearest whole number. */
inline Vec rounded(Vec a) {
  return each([&](int i) { return std::nearbyint(a.v[i]); });
}
/** Two to the power of a whole number from -126 to 127. */
inline Vec powerOfTwo(Vec n) {
  return each([&](int i) {
    // To convert what is no such number may be undefined. It comes of rows with an element that is infinite or not a
    // number, and what this is multiplied with is then so too.
    const int32_t exponent = std::fabs(n.v[i]) < 128.0f ? static_cast<int32_t>(n.v[i]) : 0;
    const uint32_t bits = static_cast<uint32_t>(exponent + 127) << 23;
    float power;
    std::memcpy(&power, &bits, sizeof power);
    return power;
  });
}

inline Mask less(Vec a, Vec b) {
  return test([&](int i) { return a.v[i] < b.v[i]; });
}
inline Mask equal(Vec a, Vec b) {
  return test([&](int i) { return a.v[i] == b.v[i]; });
}
inline Mask isNaN(Vec a) {
  return test([&](int i) { return a.v[i] != a.v[i]; });
}
inline Vec select(Mask where, Vec yes, Vec no) {
  return each([&](int i) { return where.bits[i] ? yes.v[i] : no.v[i]; });
}

/** The sum of all lanes: the upper half on the lower, until one is left. */
inline float sumOfLanes(Vec a) {
  for (int half = Vec::width / 2; half > 0; half /= 2) {
    for (int i = 0; i < half; i++) a.v[i] += a.v[i + half];
  }
  return a.v[0];
}

/** The largest of all lanes, of numbers. */
inline float largestOfLanes(Vec a) {
  for (int i = 1; i < Vec::width; i++) a.v[0] = a.v[i] > a.v[0] ? a.v[i] : a.v[0];
  return a.v[0];
}

/** Four by four floats, turned around: `to[i * toRow + j] = factor * from[j * fromRow + i]`. */
inline void transposeBlock(const float* from, ptrdiff_t fromRow, float factor, float* to, ptrdiff_t toRow) {
  for (int i = 0; i < 4; i++) {
    for (int j = 0; j < 4; j++) to[i * toRow + j] = factor * from[j * fromRow + i];
  }
}

/** As many floats as a register has, in rows and columns, turned around. */
inline void transposeSquare(const float* from, ptrdiff_t fromRow, float factor, float* to, ptrdiff_t toRow) {
  for (int i = 0; i < Vec::width; i++) {
    for (int j = 0; j < Vec::width; j++) to[i * toRow + j] = factor * from[j * fromRow + i];
  }
}

}  // namespace portable
}  // namespace vitrine
