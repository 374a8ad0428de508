// Walks through the rows of several views of one shape, side by side.
#pragma once

#include <algorithm>
#include <vector>

#include "plan.h"

namespace vitrine {

/**
 * Counts through the leading axes of a shape and keeps, for each view, where its current row starts. Steps by addition:
 * a division for each axis of each row would cost more than a short row itself.
 */
class Walk {
 public:
  /** @param axes the leading axes to count through; @param start the row-major number of the first row */
  Walk(const std::vector<const View*>& views, size_t axes, ptrdiff_t start) : views_(views), index_(axes) {
    for (size_t axis = axes; axis-- > 0;) {
      // Of nothing there is no row, but somebody may stand where it would begin.
      const ptrdiff_t extent = std::max<ptrdiff_t>(1, views[0]->shape[axis]);
      index_[axis] = start % extent;
      start /= extent;
    }
    for (const View* view : views) {
      ptrdiff_t at = view->offset;
      for (size_t axis = 0; axis < axes; axis++) at += index_[axis] * view->strides[axis];
      positions_.push_back(at);
    }
  }

  /** In elements from the start of the view's buffer. */
  ptrdiff_t position(size_t view) const { return positions_[view]; }

  void next() {
    for (size_t axis = index_.size(); axis-- > 0;) {
      const ptrdiff_t extent = views_[0]->shape[axis];
      if (++index_[axis] < extent) {
        for (size_t i = 0; i < views_.size(); i++) positions_[i] += views_[i]->strides[axis];
        return;
      }
      index_[axis] = 0;
      for (size_t i = 0; i < views_.size(); i++) positions_[i] -= (extent - 1) * views_[i]->strides[axis];
    }
  }

 private:
  std::vector<const View*> views_;
  std::vector<ptrdiff_t> index_;
  std::vector<ptrdiff_t> positions_;
};

inline std::vector<const View*> pointersTo(const std::vector<View>& views) {
  std::vector<const View*> result;
  for (const View& view : views) result.push_back(&view);
  return result;
}

/** Adds a last axis of extent 1 where there is none, so that every view has rows. */
inline View withRows(View view) {
  if (view.shape.empty()) {
    view.shape.push_back(1);
    view.strides.push_back(1);
  }
  return view;
}

/** Copies `count` elements that lie `stride` apart. */
inline void gather(const float* from, ptrdiff_t stride, ptrdiff_t count, float* to) {
  if (stride == 1) {
    std::copy(from, from + count, to);
  } else {
    for (ptrdiff_t i = 0; i < count; i++) to[i] = from[i * stride];
  }
}

}  // namespace vitrine
