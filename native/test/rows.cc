// Softmax, layer norm and their gradients.

#include <algorithm>
#include <cmath>

#include "views.h"

namespace vitrine {
namespace check {
namespace {

using Numbers = std::vector<double>;

/** Roundings of a sum in several chains, and of what happens to its terms. */
double roundings(size_t count) { return 8.0 + 0.5 * std::sqrt(static_cast<double>(count)); }

std::vector<Expected> softmax(const Numbers& x) {
  double highest = x[0];
  for (const double value : x) highest = std::isnan(value) ? value : std::max(highest, value);
  double total = 0.0;
  for (const double value : x) total += std::exp(value - highest);
  std::vector<Expected> result;
  for (const double value : x) {
    const double y = std::exp(value - highest) / total;
    const double distance = std::min(100.0, highest - value);
    // What is below 2^-126 of the largest may count as nothing.
    result.push_back({y, rounding * y * (roundings(x.size()) + 2.0 * distance) + 1e-36});
  }
  return result;
}

struct Moments {
  double mean = 0.0;
  double variance = 0.0;
  /** One over the square root of the variance plus epsilon. */
  double scale = 0.0;
  /** How far off, at most, a normalised number may be because the mean is a float32. */
  double shift = 0.0;
};

Moments momentsOf(const Numbers& x, double epsilon) {
  Moments result;
  const auto count = static_cast<double>(x.size());
  double size = 0.0;
  for (const double value : x) result.mean += value / count;
  for (const double value : x) size += std::fabs(value) / count;
  for (const double value : x) result.variance += (value - result.mean) * (value - result.mean) / count;
  result.scale = 1.0 / std::sqrt(result.variance + epsilon);
  result.shift = rounding * (2.0 * std::fabs(result.mean) + size * roundings(x.size())) * result.scale;
  return result;
}

std::vector<Expected> layerNorm(const Numbers& x, const Numbers& weight, const Numbers& bias, double epsilon) {
  const Moments moments = momentsOf(x, epsilon);
  std::vector<Expected> result;
  for (size_t i = 0; i < x.size(); i++) {
    const double z = (x[i] - moments.mean) * moments.scale;
    const double spread = rounding * std::fabs(z) * roundings(x.size());
    const double error = moments.shift * (1.0 + moments.shift / rounding) + spread;
    result.push_back({z * weight[i] + bias[i],
                      error * std::fabs(weight[i]) + 2.0 * rounding * (std::fabs(bias[i]) + std::fabs(z * weight[i]))});
  }
  return result;
}

std::vector<Expected> softmaxGradient(const Numbers& y, const Numbers& gradient) {
  double dot = 0.0;
  double magnitude = 0.0;
  for (size_t i = 0; i < y.size(); i++) {
    dot += y[i] * gradient[i];
    magnitude += std::fabs(y[i] * gradient[i]);
  }
  std::vector<Expected> result;
  for (size_t i = 0; i < y.size(); i++) {
    result.push_back({y[i] * (gradient[i] - dot),
                      rounding * std::fabs(y[i]) * (3.0 * std::fabs(gradient[i]) + roundings(y.size()) * magnitude)});
  }
  return result;
}

std::vector<Expected> layerNormGradient(const Numbers& x, const Numbers& weight, const Numbers& gradient,
                                        double epsilon) {
  const Moments moments = momentsOf(x, epsilon);
  const auto count = static_cast<double>(x.size());
  double meanU = 0.0;
  double meanUZ = 0.0;
  double sizeU = 0.0;
  double sizeUZ = 0.0;
  const auto u = [&](size_t i) { return gradient[i] * weight[i]; };
  const auto z = [&](size_t i) { return (x[i] - moments.mean) * moments.scale; };
  for (size_t i = 0; i < x.size(); i++) {
    meanU += u(i) / count;
    meanUZ += u(i) * z(i) / count;
    sizeU += std::fabs(u(i)) / count;
    sizeUZ += std::fabs(u(i) * z(i)) / count;
  }
  std::vector<Expected> result;
  for (size_t i = 0; i < x.size(); i++) {
    const double sizes = std::fabs(u(i)) + sizeU + std::fabs(z(i)) * sizeUZ;
    const double shifts = moments.shift * (sizeUZ + std::fabs(z(i)) * sizeU);
    result.push_back({(u(i) - meanU - z(i) * meanUZ) * moments.scale,
                      moments.scale * (rounding * roundings(x.size()) * sizes + shifts)});
  }
  return result;
}

void addRow(std::vector<Expected>& expected, const Numbers& row) {
  for (size_t i = 0; i < row.size(); i++) {
    expected[i].value += row[i];
    expected[i].allowed += rounding * std::fabs(expected[i].value);
  }
}

/** The next row of numbers in row-major order. */
Numbers rowOf(const Numbers& all, ptrdiff_t row, ptrdiff_t columns) {
  return Numbers(all.begin() + row * columns, all.begin() + (row + 1) * columns);
}

void checkOne(Group& group, Random& random, StepKind kind, const Shape& shape) {
  Case item;
  Step step;
  step.kind = kind;
  step.epsilon = random.pick<float>({1e-5f, 1e-6f, 1e-12f});
  const ptrdiff_t columns = shape.back();
  const auto lie = [&] { return random.pick<Lie>({Lie::rowMajor, Lie::rows, Lie::anyhow}); };
  const auto add = [&](const Shape& of, Lie how, const std::function<float()>& number) {
    step.inputs.push_back(addInput(item, random, of, how, number, random.chance(0.1)));
  };
  const double centre = random.pick<double>({0.0, 0.0, 3.0, -40.0});
  const auto numbers = ordinary(random, centre - 4.0, centre + 4.0);
  const bool special = random.chance(0.2);
  const auto some = [&]() -> float {
    static const std::vector<float> kinds{notANumber, __builtin_inff(), -__builtin_inff(), -1e30f, 80.0f};
    return special && random.chance(0.5 / static_cast<double>(columns)) ? random.pick(kinds) : numbers();
  };
  const bool norm = kind == StepKind::layerNorm || kind == StepKind::layerNormGradient;
  // The awkward kinds have their own rules in a norm: only those that spoil a whole row.
  const auto normed = [&]() -> float {
    return special && random.chance(0.2 / static_cast<double>(columns)) ? notANumber : numbers();
  };
  const auto vector = [&] { return random.pick<Lie>({Lie::rowMajor, Lie::anyhow, Lie::expanded}); };
  add(shape, kind == StepKind::softmaxGradient ? Lie::rowMajor : lie(),
      norm ? std::function<float()>(normed) : kind == StepKind::softmax ? some : ordinary(random, 0.0, 1.0));
  if (kind == StepKind::softmaxGradient) add(shape, lie(), ordinary(random));
  if (norm) add({columns}, vector(), ordinary(random, -2.0, 2.0));
  if (kind == StepKind::layerNorm) add({columns}, vector(), ordinary(random));
  if (kind == StepKind::layerNormGradient) add(shape, lie(), ordinary(random));
  const bool residual = kind == StepKind::layerNormGradient && random.chance(0.5);
  if (residual) add(shape, lie(), ordinary(random));
  step.output = addOutput(item, random, shape);

  std::vector<Numbers> inputs;
  for (const View& input : step.inputs) inputs.push_back(values(item, input));
  const double epsilon = static_cast<double>(step.epsilon);
  std::vector<Expected> elements;
  for (ptrdiff_t row = 0; columns > 0 && row < step.output.size() / columns; row++) {
    const Numbers x = rowOf(inputs[0], row, columns);
    std::vector<Expected> expected =
        kind == StepKind::softmax           ? softmax(x)
        : kind == StepKind::layerNorm       ? layerNorm(x, inputs[1], inputs[2], epsilon)
        : kind == StepKind::softmaxGradient ? softmaxGradient(x, rowOf(inputs[1], row, columns))
                                            : layerNormGradient(x, inputs[1], rowOf(inputs[2], row, columns), epsilon);
    if (residual) addRow(expected, rowOf(inputs[3], row, columns));
    elements.insert(elements.end(), expected.begin(), expected.end());
  }
  item.plan.steps.push_back(step);
  item.what = stepNames[static_cast<int>(kind)] + describe(item);
  const std::vector<Expected> expected = around(item, step.output, elements);
  group.check(item, step.output.buffer, {expected, expected});
}

}  // namespace

void checkRows(const Options& options) {
  Random random(options.seed + 4);
  Group group("rows", options);
  const std::vector<Shape> shapes{{1},     {7},        {64},       {3, 5},        {6, 16},
                                  {9, 33}, {2, 3, 31}, {4, 5, 17}, {3, 2, 2, 14}, {5, 192}};
  const std::vector<Shape> large{{3, 197, 197}, {197, 768}, {2, 1000}, {1, 38809}, {20000, 3}};
  for (const StepKind kind :
       {StepKind::softmax, StepKind::layerNorm, StepKind::softmaxGradient, StepKind::layerNormGradient}) {
    for (int i = 0; i < options.cases(100); i++) checkOne(group, random, kind, random.pick(shapes));
    for (int i = 0; i < options.cases(5); i++) checkOne(group, random, kind, random.pick(large));
    checkOne(group, random, kind, {0, 5});
    checkOne(group, random, kind, {3, 0});
  }
}

}  // namespace check
}  // namespace vitrine
