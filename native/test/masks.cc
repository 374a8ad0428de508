// The mask of the largest elements of each row: ties, zeros of both signs, infinities, what is not a number.

#include <algorithm>
#include <cmath>

#include "views.h"

namespace vitrine {
namespace check {
namespace {

/** Takes the smallest away one by one, the first of equal ones first; what is not a number is larger than infinity. */
std::vector<Expected> mask(const std::vector<double>& row, ptrdiff_t discarded) {
  std::vector<size_t> order;
  for (size_t i = 0; i < row.size(); i++) order.push_back(i);
  const auto before = [&](size_t i, size_t j) {
    return std::isnan(row[j]) ? !std::isnan(row[i]) : row[i] < row[j];
  };
  std::stable_sort(order.begin(), order.end(), before);
  std::vector<Expected> result(row.size(), {1.0, 0.0});
  for (ptrdiff_t i = 0; i < discarded; i++) result[order[static_cast<size_t>(i)]].value = 0.0;
  return result;
}

void checkOne(Group& group, Random& random, const Shape& shape, ptrdiff_t discarded) {
  Case item;
  Step step;
  step.kind = StepKind::largestMask;
  step.discarded = discarded;
  const auto few = [&random] { return static_cast<float>(random.between(-2, 2)); };
  const auto same = [] { return -3.25f; };
  // Float32 that differ only in their last bits, as the digits of the selection do.
  const auto close = [&random] { return 1.0f + static_cast<float>(random.below(9)) * 0x1p-23f; };
  const auto number = random.pick<std::function<float()>>(
      {few, same, close, ordinary(random), awkward(random, 0.3), awkward(random, 0.9)});
  const Lie lie = random.pick<Lie>({Lie::rowMajor, Lie::rows, Lie::anyhow, Lie::expanded});
  step.inputs.push_back(addInput(item, random, shape, lie, number, random.chance(0.1)));
  step.output = addOutput(item, random, shape);
  const std::vector<double> all = values(item, step.inputs[0]);
  const ptrdiff_t columns = shape.back();
  std::vector<Expected> elements;
  for (ptrdiff_t row = 0; columns > 0 && row < step.output.size() / columns; row++) {
    const std::vector<double> x(all.begin() + row * columns, all.begin() + (row + 1) * columns);
    const std::vector<Expected> expected = mask(x, discarded);
    elements.insert(elements.end(), expected.begin(), expected.end());
  }
  item.plan.steps.push_back(step);
  item.what = "largestMask of " + std::to_string(discarded) + describe(item);
  const std::vector<Expected> expected = around(item, step.output, elements);
  group.check(item, step.output.buffer, {expected, expected});
}

}  // namespace

void checkMasks(const Options& options) {
  Random random(options.seed + 5);
  Group group("masks", options);
  const std::vector<Shape> shapes{{1}, {6}, {197}, {4, 9}, {7, 33}, {2, 3, 50}, {3, 1000}};
  const auto one = [&](const Shape& shape) {
    const ptrdiff_t columns = shape.back();
    checkOne(group, random, shape, random.pick<ptrdiff_t>({0, columns, random.below(columns + 1), columns / 2}));
  };
  for (int i = 0; i < options.cases(300); i++) one(random.pick(shapes));
  for (int i = 0; i < options.cases(4); i++) one({3, 38809});
  one({0, 4});
  one({4, 0});
}

}  // namespace check
}  // namespace vitrine
