// Functions in double precision, and how far float32 may be from them.
#pragma once

#include <cmath>

#include "check.h"

namespace vitrine {
namespace check {

/** The normal distribution function and its density. */
inline double distribution(double x) { return 0.5 * std::erfc(-x * std::sqrt(0.5)); }
inline double density(double x) { return std::exp(-0.5 * x * x) / std::sqrt(2.0 * std::acos(-1.0)); }

/** The distribution's absolute error in float32. */
constexpr double distributionError = 3e-7;

inline Expected gelu(double x) {
  const double magnitude = std::fabs(x);
  return {x * distribution(x), magnitude < 1e30 ? distributionError * magnitude : 1e30};
}

inline Expected geluGradient(double x, double g) {
  // What does not fit float32 on the way may come out infinite, or not.
  const double slope = distribution(x) + (density(x) > 0.0 || !std::isfinite(x) ? x * density(x) : 0.0);
  return {g * slope, std::fabs(g) * distributionError * (1.0 + std::fabs(x) * density(x) * 2.0) + 1e-37};
}

/** The logistic function. What float32 holds as a subnormal number may vanish. */
inline Expected sigmoid(double x) {
  const double value = 1.0 / (1.0 + std::exp(-x));
  return {value, 4.0 * unitAt(value) + 1.2e-38};
}

inline Expected swiGlu(double gate, double value) {
  const Expected part = sigmoid(gate);
  // The gate closes before the value, which then is multiplied by 0.
  if (std::isinf(value) && gate < -87.0) return {std::nan(""), 0.0};
  const auto product = static_cast<double>(static_cast<float>(gate * part.value * value));
  if (!std::isfinite(product)) return {product, 0.0};
  return {product, std::fabs(gate * value) * (part.allowed + 4.0 * unitAt(part.value)) + 1e-37};
}

}  // namespace check
}  // namespace vitrine
