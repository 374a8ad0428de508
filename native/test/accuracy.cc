// How far exp, gelu and its gradient are from the truth, over a fine grid and in long double.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "check.h"

namespace vitrine {
namespace check {
namespace {

/** One kernel of a map over many numbers. */
std::vector<float> mapped(const Kernels& kernels, Function function, const std::vector<float>& a,
                          const std::vector<float>& b) {
  std::vector<float> output(a.size());
  const float* operands[3] = {a.data(), b.data(), nullptr};
  MapRows row;
  row.steps[0] = row.steps[1] = 1;
  kernels.map[static_cast<int>(function)](operands, row, output.data(), static_cast<ptrdiff_t>(a.size()));
  return output;
}

std::vector<float> grid(Random& random, double low, double high, int count) {
  std::vector<float> result;
  for (int i = 0; i < count; i++) {
    result.push_back(static_cast<float>(low + (high - low) * (i + random.uniform(0.0, 1.0)) / count));
  }
  return result;
}

/** The largest of many errors, and where it was. */
struct Worst {
  double error = 0.0;
  float at = 0.0f;

  void see(long double value, float x) {
    // An error that is not a number is as bad as can be.
    const double size = std::isnan(value) ? HUGE_VAL : static_cast<double>(std::fabs(value));
    if (size <= error) return;
    error = size;
    at = x;
  }
};

void report(Tally& tally, const char* kernels, const char* what, const Worst& worst, double allowed) {
  std::printf("  %-8s %-52s %.3g at x = %.9g\n", kernels, what, worst.error, static_cast<double>(worst.at));
  tally.require(worst.error <= allowed, std::string(kernels) + ": " + what + " is too large");
}

void checkExp(Tally& tally, const Kernels& kernels, const std::vector<float>& grid) {
  const std::vector<float> y = mapped(kernels, Function::exp, grid, grid);
  Worst normal;
  Worst subnormal;
  for (size_t i = 0; i < grid.size(); i++) {
    const long double truth = std::exp(static_cast<long double>(grid[i]));
    const auto nearest = static_cast<float>(truth);
    if (std::isinf(nearest)) {
      tally.require(std::isinf(y[i]), "exp overflows");
    } else if (truth >= 0x1p-126L) {
      normal.see((y[i] - truth) / unitAt(std::min(static_cast<double>(truth), static_cast<double>(nearest))), grid[i]);
    } else {
      subnormal.see((y[i] - truth) / 0x1p-149L, grid[i]);
    }
  }
  report(tally, kernels.name, "exp, units in the last place", normal, 1.1);
  report(tally, kernels.name, "exp where it is subnormal, smallest subnormals", subnormal, 1.1);
}

/** The exponential inside a softmax, as the ratio of a pair's results. */
void checkSoftmaxExp(Tally& tally, const Kernels& kernels, const std::vector<float>& grid) {
  Worst relative;
  for (const float x : grid) {
    const float pair[2] = {0.0f, x};
    float y[2];
    kernels.softmax(pair, y, 2);
    const long double truth = std::exp(static_cast<long double>(x));
    if (truth < 0x1p-125L) {
      tally.require(y[1] >= 0.0f && y[1] < 0x1p-124f, "softmax of what is far below the largest");
    } else {
      relative.see((static_cast<long double>(y[1]) / y[0] - truth) / truth, x);
    }
  }
  report(tally, kernels.name, "exp within softmax, relative", relative, 3e-7);
}

long double distribution(long double x) { return 0.5L * std::erfc(-x * std::sqrt(0.5L)); }

long double density(long double x) { return std::exp(-0.5L * x * x) / std::sqrt(2.0L * std::acos(-1.0L)); }

void checkGelu(Tally& tally, const Kernels& kernels, const std::vector<float>& grid) {
  const std::vector<float> ones(grid.size(), 1.0f);
  const std::vector<float> y = mapped(kernels, Function::gelu, grid, ones);
  const std::vector<float> slope = mapped(kernels, Function::geluGradient, grid, ones);
  Worst absolute;
  Worst share;
  Worst gradient;
  for (size_t i = 0; i < grid.size(); i++) {
    const long double x = grid[i];
    const long double truth = x * distribution(x);
    absolute.see(y[i] - truth, grid[i]);
    if (x != 0.0L) share.see((y[i] - truth) / x, grid[i]);
    gradient.see(slope[i] - (distribution(x) + x * density(x)), grid[i]);
  }
  report(tally, kernels.name, "gelu, absolute", absolute, 2e-6);
  report(tally, kernels.name, "gelu / x (the distribution), absolute", share, 3e-7);
  report(tally, kernels.name, "geluGradient of 1, absolute", gradient, 6e-7);
}

}  // namespace

void checkAccuracy(const Options& options) {
  Random random(options.seed + 2);
  Group group("accuracy", options);
  const std::vector<float> wide = grid(random, -105.0, 89.0, options.cases(1000000));
  const std::vector<float> narrow = grid(random, -1.0, 1.0, options.cases(200000));
  const std::vector<float> negative = grid(random, -90.0, 0.0, options.cases(200000));
  const std::vector<float> middle = grid(random, -14.0, 14.0, options.cases(1000000));
  for (size_t i = 0; i < options.setups.size(); i++) {
    const Kernels& kernels = *options.setups[i].kernels;
    std::vector<float> both = wide;
    both.insert(both.end(), narrow.begin(), narrow.end());
    checkExp(group.tally(i), kernels, both);
    checkSoftmaxExp(group.tally(i), kernels, negative);
    checkGelu(group.tally(i), kernels, middle);
  }
}

}  // namespace check
}  // namespace vitrine
