// Views of random strides, and the buffers that they look onto.
#pragma once

#include <algorithm>
#include <functional>

#include "check.h"

namespace vitrine {
namespace check {

constexpr float notANumber = __builtin_nanf("");
/** What output buffers are filled with before a run: outside the output's view it must still be there. */
constexpr float untouched = -12345.678f;

using Shape = std::vector<ptrdiff_t>;

/** Where each element of a view lies in its buffer, in row-major order. */
inline std::vector<ptrdiff_t> positions(const View& view) {
  std::vector<ptrdiff_t> result{view.offset};
  for (size_t axis = 0; axis < view.rank(); axis++) {
    std::vector<ptrdiff_t> wider;
    for (const ptrdiff_t start : result) {
      for (ptrdiff_t i = 0; i < view.shape[axis]; i++) wider.push_back(start + i * view.strides[axis]);
    }
    result = wider;
  }
  return result;
}

/** How the elements of a view may lie. */
enum class Lie {
  /** One after the other, from any offset. */
  rowMajor,
  /** Row-major with gaps between rows now and then, which kernels take on their fast paths. */
  rows,
  /** The last two axes exchanged: what a transposed matrix looks like, with gaps between its columns now and then. */
  columns,
  /** In any order of the axes, with gaps. */
  anyhow,
  /** Any of these, and some axes of stride 0. */
  expanded,
};

/** A view of that shape onto a buffer yet to be made, and the buffer's size. */
inline View anyView(Random& random, const Shape& shape, Lie lie, ptrdiff_t& size) {
  View view;
  view.shape = shape;
  view.strides.resize(shape.size());
  view.offset = random.chance(0.5) ? 0 : random.below(20);
  std::vector<size_t> order;  // innermost first
  for (size_t axis = shape.size(); axis-- > 0;) order.push_back(axis);
  if (lie == Lie::columns && order.size() > 1) std::swap(order[0], order[1]);
  const bool gaps = lie != Lie::rowMajor && random.chance(0.5);
  if (lie == Lie::anyhow || (lie == Lie::expanded && random.chance(0.5))) {
    for (size_t i = order.size(); i > 1; i--) {
      std::swap(order[i - 1], order[static_cast<size_t>(random.below(static_cast<ptrdiff_t>(i)))]);
    }
  }
  ptrdiff_t stride = 1;
  for (size_t i = 0; i < order.size(); i++) {
    const bool inner = i == 0 && (lie == Lie::rows || lie == Lie::columns || random.chance(0.7));
    if (gaps && !inner) stride += random.below(i == 0 ? 3 : 7);
    const bool expanded = lie == Lie::expanded && random.chance(0.3);
    view.strides[order[i]] = expanded ? 0 : stride;
    if (!expanded) stride *= std::max<ptrdiff_t>(1, shape[order[i]]);
  }
  size = view.offset + random.below(20) + 1;
  for (size_t axis = 0; axis < shape.size(); axis++) {
    size += std::max<ptrdiff_t>(0, shape[axis] - 1) * view.strides[axis];
  }
  return view;
}

/**
 * Adds a buffer with a view onto it, filled with numbers; what the view leaves out is not a number, so that reading it
 * shows.
 */
inline View addInput(Case& item, Random& random, const Shape& shape, Lie lie, const std::function<float()>& number,
                     bool constant = false) {
  ptrdiff_t size = 0;
  View view = anyView(random, shape, lie, size);
  std::vector<float> numbers(static_cast<size_t>(size), notANumber);
  for (const ptrdiff_t at : positions(view)) numbers[static_cast<size_t>(at)] = number();
  view.buffer = item.add(std::move(numbers), constant);
  return view;
}

inline View addOutput(Case& item, Random& random, const Shape& shape, Lie lie = Lie::rowMajor) {
  ptrdiff_t size = 0;
  View view = anyView(random, shape, lie, size);
  view.buffer = item.add(std::vector<float>(static_cast<size_t>(size), untouched));
  return view;
}

/** The elements of a view, row-major. */
inline std::vector<double> values(const Case& item, const View& view) {
  std::vector<double> result;
  const std::vector<float>& numbers = item.contents[view.buffer];
  for (const ptrdiff_t at : positions(view)) result.push_back(static_cast<double>(numbers[static_cast<size_t>(at)]));
  return result;
}

/** What the whole buffer of an output should hold, given its elements in row-major order. */
inline std::vector<Expected> around(const Case& item, const View& output, const std::vector<Expected>& elements) {
  std::vector<Expected> result(item.contents[output.buffer].size(), {static_cast<double>(untouched), 0.0});
  const std::vector<ptrdiff_t> at = positions(output);
  for (size_t i = 0; i < at.size(); i++) result[static_cast<size_t>(at[i])] = elements[i];
  return result;
}

inline std::string describe(const View& view) {
  std::string text = "[";
  for (size_t axis = 0; axis < view.rank(); axis++) {
    text += (axis > 0 ? " " : "") + std::to_string(view.shape[axis]) + ":" + std::to_string(view.strides[axis]);
  }
  return text + "]+" + std::to_string(view.offset);
}

inline std::string describe(const Case& item) {
  std::string text;
  for (const Step& step : item.plan.steps) {
    for (const View& input : step.inputs) text += " " + describe(input);
    text += " -> " + describe(step.output);
  }
  return text;
}

/** Numbers of an ordinary size. */
inline std::function<float()> ordinary(Random& random, double low = -1.0, double high = 1.0) {
  return [&random, low, high] { return static_cast<float>(random.uniform(low, high)); };
}

/** Numbers of which some, at the given rate, are of the awkward kinds. */
inline std::function<float()> awkward(Random& random, double rate, double low = -4.0, double high = 4.0) {
  return [&random, rate, low, high] {
    static const std::vector<float> kinds{0.0f,    -0.0f, notANumber, __builtin_inff(), -__builtin_inff(),
                                          1e-40f,  3e38f, -3e38f,     1e-30f,           -1e20f,
                                          -3e-45f, 90.0f, -104.0f};
    return random.chance(rate) ? random.pick(kinds) : static_cast<float>(random.uniform(low, high));
  };
}

}  // namespace check
}  // namespace vitrine
