// Element-wise functions on views of every kind.

#include <cmath>

#include "exact.h"
#include "views.h"

namespace vitrine {
namespace check {
namespace {

/** Whether it matters to a function that two numbers are equal, or one is 0. */
bool compares(Function function) {
  return function == Function::equal || function == Function::less || function == Function::greater ||
         function == Function::where;
}

/** The one float32 that a correctly rounded operation gives. */
Expected exactly(double value) { return {static_cast<double>(static_cast<float>(value)), 0.0}; }

Expected applied(Function function, double a, double b, double c) {
  switch (function) {
    case Function::copy:
      return {a, 0.0};
    case Function::negate:
      return {-a, 0.0};
    case Function::relu:
      return {a < 0.0 ? 0.0 : a, 0.0};
    case Function::exp: {
      const Expected result = exactly(std::exp(a));
      return {result.value, std::isfinite(result.value) ? 1.5 * unitAt(result.value) : 0.0};
    }
    case Function::log: {
      const Expected result = exactly(std::log(a));
      return {result.value, std::isfinite(result.value) ? unitAt(result.value) : 0.0};
    }
    case Function::sqrt:
      return exactly(std::sqrt(a));
    case Function::gelu:
      return gelu(a);
    case Function::normalCdf:
      return {distribution(a), distributionError};
    case Function::sigmoid:
      return sigmoid(a);
    case Function::add:
      return exactly(a + b);
    case Function::subtract:
      return exactly(a - b);
    case Function::multiply:
      return exactly(a * b);
    case Function::divide:
      return exactly(a / b);
    case Function::geluGradient:
      return geluGradient(a, b);
    case Function::swiGlu:
      return swiGlu(a, b);
    case Function::equal:
      return {a == b ? 1.0 : 0.0, 0.0};
    case Function::less:
      return {a < b ? 1.0 : 0.0, 0.0};
    case Function::greater:
      return {a > b ? 1.0 : 0.0, 0.0};
    case Function::where:
      return {a != 0.0 ? b : c, 0.0};
  }
  return {};
}

void checkOne(Group& group, Random& random, Function function, const Shape& shape) {
  Case item;
  Step step;
  step.kind = StepKind::map;
  step.function = function;
  const auto operands = static_cast<size_t>(functionOperands[static_cast<int>(function)]);
  std::vector<std::vector<double>> inputs(3);
  const Lie lie = random.pick<Lie>({Lie::rowMajor, Lie::rows, Lie::anyhow, Lie::expanded});
  for (size_t i = 0; i < operands; i++) {
    // Few different numbers, so that it happens.
    const auto few = [&random] { return static_cast<float>(random.between(-2, 2)); };
    const auto number = compares(function) && random.chance(0.7) ? few : awkward(random, 0.1);
    const Lie own = random.chance(0.5) ? lie : random.pick<Lie>({Lie::rowMajor, Lie::expanded, Lie::anyhow});
    step.inputs.push_back(addInput(item, random, shape, own, number, random.chance(0.1)));
    inputs[i] = values(item, step.inputs[i]);
  }
  step.output = addOutput(item, random, shape, random.pick<Lie>({Lie::rowMajor, Lie::rows, Lie::anyhow}));
  for (size_t i = operands; i < 3; i++) inputs[i].resize(inputs[0].size());
  std::vector<Expected> elements;
  for (size_t i = 0; i < inputs[0].size(); i++) {
    elements.push_back(applied(function, inputs[0][i], inputs[1][i], inputs[2][i]));
  }
  item.plan.steps.push_back(step);
  item.what = functionNames[static_cast<int>(function)] + describe(item);
  const std::vector<Expected> expected = around(item, step.output, elements);
  group.check(item, step.output.buffer, {expected, expected});
}

}  // namespace

void checkMaps(const Options& options) {
  Random random(options.seed + 1);
  Group group("maps", options);
  const std::vector<Shape> shapes{{}, {1}, {3}, {17}, {0}, {2, 0, 3}, {5, 1}, {4, 7}, {33, 31}, {2, 3, 5}, {3, 1, 64}};
  const std::vector<Shape> large{{20000}, {197, 197}, {3, 130, 70}, {2, 1, 9001}, {9001, 2}};
  for (int function = 0; function < functionCount; function++) {
    for (int i = 0; i < options.cases(30); i++) {
      checkOne(group, random, static_cast<Function>(function), random.pick(shapes));
    }
    for (int i = 0; i < options.cases(4); i++) {
      checkOne(group, random, static_cast<Function>(function), random.pick(large));
    }
  }
}

}  // namespace check
}  // namespace vitrine
