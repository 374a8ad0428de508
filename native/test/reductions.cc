// Sums, means and extremes along any axes.

#include <algorithm>
#include <cmath>
#include <limits>

#include "views.h"

namespace vitrine {
namespace check {
namespace {

/** Folds `count` numbers from `start` on. */
Expected folded(Reduction reduction, const std::vector<double>& x, size_t start, size_t count) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double total = 0.0;
  double magnitude = 0.0;
  double extreme = reduction == Reduction::max ? -infinity : infinity;
  bool ordered = true;
  for (size_t i = start; i < start + count; i++) {
    total += x[i];
    magnitude += std::fabs(x[i]);
    ordered &= !std::isnan(x[i]);
    extreme = reduction == Reduction::max ? std::max(extreme, x[i]) : std::min(extreme, x[i]);
  }
  if (reduction == Reduction::max || reduction == Reduction::min) return {ordered ? extreme : std::nan(""), 0.0};
  const double divisor = reduction == Reduction::mean ? static_cast<double>(count) : 1.0;
  const double roundings = 4.0 + 0.5 * std::sqrt(static_cast<double>(count));
  return {total / divisor, rounding * roundings * magnitude / divisor};
}

/** An input of that shape with its first axis innermost: what is kept of a sum of columns. */
View addColumns(Case& item, Random& random, const Shape& shape, const std::function<float()>& number) {
  Shape turned(shape.begin() + 1, shape.end());
  turned.push_back(shape[0]);
  View view = addInput(item, random, turned, random.pick<Lie>({Lie::rowMajor, Lie::rows}), number);
  std::rotate(view.shape.begin(), view.shape.end() - 1, view.shape.end());
  std::rotate(view.strides.begin(), view.strides.end() - 1, view.strides.end());
  return view;
}

/** What is made of two numbers, as the kernels round it. */
double madeOf(Made made, double x, double y) {
  const bool times = made == Made::multiply || made == Made::multiplyRelu;
  const float product = static_cast<float>(x) * static_cast<float>(times ? y : 1.0);
  const bool rectified = made == Made::relu || made == Made::multiplyRelu;
  return static_cast<double>(rectified && product < 0.0f ? 0.0f : product);
}

/** @param columns whether the first axis, and no other, is kept, and lies innermost */
void checkOne(Group& group, Random& random, Reduction reduction, const Shape& shape, size_t kept, bool columns = false) {
  Case item;
  Step step;
  step.kind = StepKind::reduce;
  step.made = static_cast<Made>(random.below(madeCount));
  step.reduction = reduction;
  step.kept = kept;
  const bool extreme = reduction == Reduction::max || reduction == Reduction::min;
  // Numbers of one sign add up to more, and round more.
  const double low = random.chance(0.3) ? 0.5 : -1.0;
  const auto special = [&random, low] {
    static const std::vector<float> kinds{notANumber, __builtin_inff(), -__builtin_inff(), 0.0f, -0.0f};
    return random.chance(0.02) ? random.pick(kinds) : static_cast<float>(random.uniform(low, 1.0));
  };
  const double chance = extreme ? 0.5 : 0.2;
  const auto number = random.chance(chance) ? std::function<float()>(special) : ordinary(random, low, 1.0);
  const Lie lie = random.pick<Lie>({Lie::rowMajor, Lie::rows, Lie::anyhow, Lie::anyhow, Lie::expanded});
  const bool two = step.made == Made::multiply || step.made == Made::multiplyRelu;
  for (int i = 0; i < (two ? 2 : 1); i++) {
    step.inputs.push_back(columns ? addColumns(item, random, shape, number)
                                  : addInput(item, random, shape, lie, number, random.chance(0.1)));
  }
  step.output = addOutput(item, random, Shape(shape.begin(), shape.begin() + static_cast<ptrdiff_t>(kept)));
  std::vector<double> x = values(item, step.inputs[0]);
  const std::vector<double> y = two ? values(item, step.inputs[1]) : x;
  for (size_t i = 0; i < x.size(); i++) x[i] = madeOf(step.made, x[i], y[i]);
  const auto groups = static_cast<size_t>(step.output.size());
  size_t members = 1;
  for (size_t axis = kept; axis < shape.size(); axis++) members *= static_cast<size_t>(shape[axis]);
  std::vector<Expected> elements;
  for (size_t i = 0; i < groups; i++) elements.push_back(folded(reduction, x, i * members, members));
  item.plan.steps.push_back(step);
  item.what = reductionNames[static_cast<int>(reduction)] + (std::string(" of ") + madeNames[static_cast<int>(step.made)]) +
              (" keeping " + std::to_string(kept)) + describe(item);
  const std::vector<Expected> expected = around(item, step.output, elements);
  group.check(item, step.output.buffer, {expected, expected});
}

}  // namespace

void checkReductions(const Options& options) {
  Random random(options.seed + 3);
  Group group("reductions", options);
  const std::vector<Shape> shapes{{1},       {7},         {31},         {197},      {3, 5},
                                  {12, 8},   {9, 33},     {64, 197},    {300, 16},  {16, 300},
                                  {4, 6, 9}, {2, 17, 31}, {3, 2, 4, 5}, {1, 1, 40}, {5, 1, 130}};
  const std::vector<Shape> large{{100000}, {3, 20011}, {20011, 3}, {12, 197, 197}, {1030, 77}, {2, 1025, 33}};
  for (int reduction = 0; reduction < reductionCount; reduction++) {
    const auto one = [&](const Shape& shape) {
      const auto kept = static_cast<size_t>(random.below(static_cast<ptrdiff_t>(shape.size()) + 1));
      checkOne(group, random, static_cast<Reduction>(reduction), shape, kept);
    };
    for (int i = 0; i < options.cases(120); i++) one(random.pick(shapes));
    for (int i = 0; i < options.cases(6); i++) one(random.pick(large));
    // Kept columns side by side, behind two or three axes that runs of members cross.
    for (const Shape& shape : std::vector<Shape>{{130, 5, 7}, {1030, 3, 11}, {40, 2, 3, 9}, {9, 20, 33}}) {
      checkOne(group, random, static_cast<Reduction>(reduction), shape, 1, true);
    }
    one({});
    checkOne(group, random, static_cast<Reduction>(reduction), {0}, 1);
    checkOne(group, random, static_cast<Reduction>(reduction), {0, 5}, 1);
  }
  // Only sums may have nothing to add.
  checkOne(group, random, Reduction::sum, {0}, 0);
  checkOne(group, random, Reduction::sum, {5, 0}, 1);
  checkOne(group, random, Reduction::sum, {12, 0, 3}, 1);
}

}  // namespace check
}  // namespace vitrine
