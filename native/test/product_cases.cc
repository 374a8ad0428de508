#include "product_cases.h"

#include <algorithm>
#include <cmath>

namespace vitrine {
namespace check {
namespace {

/** The sums of a product and, so that their error can be bounded, the sums of magnitudes. */
struct Sums {
  std::vector<double> value;
  std::vector<double> magnitude;
};

Sums multiplied(const std::vector<double>& a, const std::vector<double>& b, size_t batch, size_t rows, size_t depth,
                size_t columns) {
  Sums sums{std::vector<double>(batch * rows * columns), std::vector<double>(batch * rows * columns)};
  for (size_t line = 0; line < batch * rows; line++) {
    double* value = &sums.value[line * columns];
    double* magnitude = &sums.magnitude[line * columns];
    for (size_t k = 0; k < depth; k++) {
      const double factor = a[line * depth + k];
      const double* right = &b[(line / rows * depth + k) * columns];
      for (size_t column = 0; column < columns; column++) {
        const double product = factor * right[column];
        value[column] += product;
        magnitude[column] += std::fabs(product);
      }
    }
  }
  return sums;
}

/** Softmax of numbers that are off by up to what is allowed for them. */
void softmaxRow(Expected* row, size_t count) {
  double highest = row[0].value;
  double error = 0.0;
  for (size_t i = 0; i < count; i++) {
    highest = std::isnan(row[i].value) ? row[i].value : std::max(highest, row[i].value);
    error = std::max(error, row[i].allowed);
  }
  double total = 0.0;
  for (size_t i = 0; i < count; i++) total += std::exp(row[i].value - highest);
  for (size_t i = 0; i < count; i++) {
    const double distance = std::min(100.0, highest - row[i].value);
    const double y = std::exp(row[i].value - highest) / total;
    const double roundings = 8.0 + 0.5 * std::sqrt(static_cast<double>(count)) + 2.0 * distance;
    row[i] = {y, y * (3.0 * error + rounding * roundings) + 1e-36};
  }
}

}  // namespace

void addProduct(Case& item, Random& random, Step step, const ProductShape& shape, const Operands& operands) {
  step.kind = StepKind::matmul;
  const auto add = [&](const Shape& of, Lie lie, bool constant) {
    step.inputs.push_back(addInput(item, random, of, lie, operands.number, constant));
  };
  add(shape.matrix(shape.rows, shape.depth), operands.left, random.chance(0.1));
  if (shape.oneRight) {
    // Made as one matrix, then spread over the batch.
    add({shape.depth, shape.columns}, operands.right, operands.constantRight);
    View& right = step.inputs.back();
    right.shape = shape.matrix(shape.depth, shape.columns);
    right.strides.insert(right.strides.begin(), shape.batch.size(), 0);
  } else {
    add(shape.matrix(shape.depth, shape.columns), operands.right, operands.constantRight);
  }
  if (step.bias) add({shape.columns}, operands.bias, random.chance(0.5));
  if (step.residual) add(shape.matrix(shape.rows, shape.columns), operands.residual, random.chance(0.1));
  step.output = addOutput(item, random, shape.matrix(shape.rows, shape.columns), operands.output);
  item.plan.steps.push_back(step);
}

std::vector<Expected> productOf(const Case& item, const Step& step) {
  const View& output = step.output;
  const auto rows = static_cast<size_t>(output.extentFromEnd(2));
  const auto columns = static_cast<size_t>(output.extentFromEnd(1));
  const auto depth = static_cast<size_t>(step.inputs[0].extentFromEnd(1));
  const auto batch = static_cast<size_t>(output.size(0, output.rank() - 2));
  const Sums sums =
      multiplied(values(item, step.inputs[0]), values(item, step.inputs[1]), batch, rows, depth, columns);
  size_t next = 2;
  const std::vector<double> bias = step.bias ? values(item, step.inputs[next++]) : std::vector<double>();
  const std::vector<double> residual = step.residual ? values(item, step.inputs[next++]) : std::vector<double>();
  const double scale = static_cast<double>(step.scale);
  // Of equal terms every rounding may go the same way; of others they cancel.
  const bool equal = step.inputs[0].strideFromEnd(1) == 0 && step.inputs[1].strideFromEnd(2) == 0;
  const double terms = static_cast<double>(depth);
  const double roundings = 4.0 + (equal ? terms : 1.5 * std::sqrt(terms));
  std::vector<Expected> result;
  for (size_t i = 0; i < sums.value.size(); i++) {
    double value = scale * sums.value[i];
    double error = rounding * roundings * std::fabs(scale) * sums.magnitude[i];
    if (step.bias) {
      value += bias[i % columns];
      error += 1.5 * rounding * std::fabs(value);
    }
    switch (step.activation) {
      case Activation::none:
        break;
      case Activation::gelu: {
        const Expected activated = gelu(value);
        value = activated.value;
        error = 1.13 * error + activated.allowed;
        break;
      }
    }
    if (step.residual) {
      value += residual[i];
      error += 1.5 * rounding * std::fabs(value);
    }
    result.push_back({value, error + 1e-37});
  }
  for (size_t row = 0; step.softmax && columns > 0 && row < batch * rows; row++) {
    softmaxRow(&result[row * columns], columns);
  }
  return result;
}

Step anyEpilogue(Random& random) {
  Step step;
  step.scale = random.chance(0.5) ? 1.0f : random.pick<float>({0.125f, 0.17677669f, -1.5f});
  step.bias = random.chance(0.4);
  step.residual = random.chance(0.4);
  step.softmax = random.chance(0.25);
  step.activation = random.chance(0.3) ? Activation::gelu : Activation::none;
  return step;
}

}  // namespace check
}  // namespace vitrine
