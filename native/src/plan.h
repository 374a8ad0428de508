// A compiled graph as the backend sees it: what src/compiler/plan.ts describes, in C++.
#pragma once

#include <cstddef>
#include <vector>

#include "kernels/kernels.h"

namespace vitrine {

/** How many pieces of a size something takes; the last may be smaller. */
inline ptrdiff_t pieces(ptrdiff_t whole, ptrdiff_t piece) { return (whole + piece - 1) / piece; }
inline ptrdiff_t roundedUp(ptrdiff_t value, ptrdiff_t multiple) { return pieces(value, multiple) * multiple; }

/** A window onto a buffer: element `i` lies at `offset + sum(i[axis] * strides[axis])`. All in elements. */
struct View {
  size_t buffer = 0;
  std::vector<ptrdiff_t> shape;
  std::vector<ptrdiff_t> strides;
  ptrdiff_t offset = 0;

  size_t rank() const { return shape.size(); }
  /** Extent and stride of an axis counted from the end, 1 for the last. */
  ptrdiff_t extentFromEnd(size_t axis) const { return shape[shape.size() - axis]; }
  ptrdiff_t strideFromEnd(size_t axis) const { return strides[strides.size() - axis]; }
  /** Elements along the axes `from` (included) to `to` (excluded). */
  ptrdiff_t size(size_t from, size_t to) const {
    ptrdiff_t product = 1;
    for (size_t axis = from; axis < to; axis++) product *= shape[axis];
    return product;
  }
  ptrdiff_t size() const { return size(0, rank()); }
  /** Whether the first `axes` axes only repeat what lies behind them. */
  bool repeatsAlong(size_t axes) const {
    for (size_t axis = 0; axis < axes; axis++) {
      if (strides[axis] != 0 && shape[axis] != 1) return false;
    }
    return true;
  }
  /** Where the element with row-major number `index` along the first `axes` axes lies. */
  ptrdiff_t position(ptrdiff_t index, size_t axes) const {
    ptrdiff_t at = offset;
    for (size_t axis = axes; axis-- > 0;) {
      at += index % shape[axis] * strides[axis];
      index /= shape[axis];
    }
    return at;
  }
};

/** One kernel call; only what belongs to its kind is set. */
struct Step {
  StepKind kind = StepKind::map;
  std::vector<View> inputs;
  View output;
  Function function = Function::copy;
  Reduction reduction = Reduction::sum;
  /** What a reduction folds of its inputs. */
  Made made = Made::copy;
  /** Axes that a reduction leaves. */
  size_t kept = 0;
  float epsilon = 0.0f;
  ptrdiff_t discarded = 0;
  // What a product does besides adding up.
  float scale = 1.0f;
  bool bias = false;
  bool residual = false;
  bool softmax = false;
  Activation activation = Activation::none;
};

/** A row-major part of a buffer. */
struct Part {
  size_t buffer = 0;
  ptrdiff_t offset = 0;
  ptrdiff_t size = 0;
};

/** At the end of each run the constant takes over the part's numbers. */
struct Update {
  size_t constant = 0;
  Part values;
};

struct Plan {
  /** How often a run goes through the steps, each time for the next part of every input and output; parts are those of a round. */
  ptrdiff_t rounds = 1;
  /** Elements of each buffer; 0 for constants, which have memory of their own. */
  std::vector<ptrdiff_t> sizes;
  std::vector<Step> steps;
  std::vector<Part> inputs;
  std::vector<Part> outputs;
  std::vector<Update> updates;
};

}  // namespace vitrine
