#include <cmath>
#include <limits>

#include "../operation.h"
#include "../walk.h"

namespace vitrine {
namespace {

/** The part of a view along the axes `from` to `to`, from its buffer's start or from the view's own offset. */
View axesOf(const View& view, size_t from, size_t to, ptrdiff_t offset) {
  View result;
  result.buffer = view.buffer;
  result.shape.assign(view.shape.begin() + from, view.shape.begin() + to);
  result.strides.assign(view.strides.begin() + from, view.strides.begin() + to);
  result.offset = offset;
  return result;
}

/** Folds the axes behind the kept ones. */
class ReduceOperation : public Operation {
 public:
  explicit ReduceOperation(const Step& step)
      : reduction_(step.reduction),
        kept_(axesOf(step.inputs[0], 0, step.kept, step.inputs[0].offset)),
        folded_(axesOf(step.inputs[0], step.kept, step.inputs[0].rank(), 0)),
        output_(step.output),
        groups_(kept_.size()),
        members_(folded_.size()) {
    const bool rows = members_ <= 1 || (folded_.rank() == 1 && folded_.strides[0] == 1);
    columns_ = !rows && kept_.rank() > 0 && kept_.strideFromEnd(1) == 1 && kept_.extentFromEnd(1) >= 8;
  }

  void run(const Workspace& workspace) const override {
    ptrdiff_t perTask = std::max<ptrdiff_t>(1, worthwhile / std::max<ptrdiff_t>(1, members_));
    if (columns_) {
      // Columns are read as pieces of rows, the longer the better: a task for each thread, but none that takes fewer
      // than fill cache lines, because others would read those too.
      perTask = std::max(perTask, groups_ / workspace.pool.threads());
      perTask = roundedUp(perTask, fewestColumns);
    }
    const ptrdiff_t tasks = pieces(groups_, perTask);
    workspace.pool.run(tasks, [&](ptrdiff_t task, int) {
      const ptrdiff_t start = task * perTask;
      const ptrdiff_t end = std::min(groups_, start + perTask);
      if (columns_) {
        foldColumns(workspace, start, end);
      } else {
        foldGroups(workspace, start, end);
      }
    });
  }

 private:
  static constexpr ptrdiff_t block = 256;
  /** Columns that are folded at once. */
  static constexpr ptrdiff_t columnsAtOnce = 512;
  static constexpr ptrdiff_t fewestColumns = 128;
  /** Sums run over so many members before they join the total: fewer roundings than one long chain. */
  static constexpr ptrdiff_t run_ = 16;

  /** Groups whose members lie side by side, or anywhere: one number after the other. */
  void foldGroups(const Workspace& workspace, ptrdiff_t start, ptrdiff_t end) const {
    const float* source = workspace.buffers[kept_.buffer];
    float* output = workspace.at(output_);
    Walk groups({&kept_}, kept_.rank(), start);
    for (ptrdiff_t group = start; group < end; group++, groups.next()) {
      output[group] = foldOne(workspace.kernels, source + groups.position(0));
    }
  }

  float foldOne(const Kernels& kernels, const float* base) const {
    if (members_ == 0) return identity();
    if (folded_.rank() <= 1 && (members_ <= 1 || folded_.strides[0] == 1)) {
      return kernels.reduce(reduction_, base, members_);
    }
    const bool adds = reduction_ == Reduction::sum || reduction_ == Reduction::mean;
    const Reduction fold = adds ? Reduction::sum : reduction_;
    const ptrdiff_t extent = folded_.extentFromEnd(1);
    const ptrdiff_t stride = folded_.strideFromEnd(1);
    double total = 0.0;
    float extremes[2] = {identity(), 0.0f};
    float gathered[block];
    Walk walk({&folded_}, folded_.rank() - 1, 0);
    for (ptrdiff_t row = 0; row < members_ / extent; row++, walk.next()) {
      // What lies side by side is read where it is.
      const ptrdiff_t atOnce = stride == 1 ? extent : block;
      for (ptrdiff_t i = 0; i < extent; i += atOnce) {
        const float* members = base + walk.position(0) + i * stride;
        const ptrdiff_t count = std::min(atOnce, extent - i);
        if (stride != 1) {
          gather(members, stride, count, gathered);
          members = gathered;
        }
        const float folded = kernels.reduce(fold, members, count);
        if (adds) {
          total += static_cast<double>(folded);
        } else {
          extremes[1] = folded;
          extremes[0] = kernels.reduce(fold, extremes, 2);
        }
      }
    }
    if (!adds) return extremes[0];
    return static_cast<float>(reduction_ == Reduction::mean ? total / static_cast<double>(members_) : total);
  }

  /** Groups that lie side by side: whole rows of them are folded at once. */
  void foldColumns(const Workspace& workspace, ptrdiff_t start, ptrdiff_t end) const {
    const ptrdiff_t extent = kept_.extentFromEnd(1);
    const float* source = workspace.buffers[kept_.buffer];
    float* output = workspace.at(output_);
    Walk rows({&kept_}, kept_.rank() - 1, start / extent);
    for (ptrdiff_t column = start % extent; start < end; rows.next(), column = 0) {
      const ptrdiff_t rowEnd = start + std::min(extent - column, end - start);
      for (; start < rowEnd; start += columnsAtOnce, column += columnsAtOnce) {
        const ptrdiff_t count = std::min(columnsAtOnce, rowEnd - start);
        foldBlock(workspace.kernels, source + rows.position(0) + column, output + start, count);
      }
      start = rowEnd;
    }
  }

  void foldBlock(const Kernels& kernels, const float* base, float* output, ptrdiff_t count) const {
    const bool averages = reduction_ == Reduction::mean;
    const Reduction fold = averages ? Reduction::sum : reduction_;
    float sums[columnsAtOnce];
    float part[columnsAtOnce];
    float* total = averages ? sums : output;
    std::fill(total, total + count, identity());
    // Members along the last folded axis are evenly spaced.
    const ptrdiff_t extent = folded_.extentFromEnd(1);
    const ptrdiff_t stride = folded_.strideFromEnd(1);
    Walk walk({&folded_}, folded_.rank() - 1, 0);
    for (ptrdiff_t member = 0; member < members_;) {
      // A single run joins the total at once.
      float* run = members_ <= run_ ? total : part;
      if (run == part) std::fill(part, part + count, identity());
      const ptrdiff_t stop = std::min(members_, member + run_);
      while (member < stop) {
        const ptrdiff_t along = member % extent;
        const ptrdiff_t together = std::min(stop - member, extent - along);
        kernels.accumulate(fold, run, base + walk.position(0) + along * stride, stride, together, count);
        member += together;
        if (along + together == extent) walk.next();
      }
      if (run == part) kernels.accumulate(fold, total, part, 0, 1, count);
    }
    if (!averages) return;
    const float divisor = static_cast<float>(members_);
    const float* const operands[] = {sums, &divisor, nullptr};
    const int steps[] = {1, 0, 0};
    kernels.map[static_cast<int>(Function::divide)](operands, steps, output, count);
  }

  float identity() const {
    switch (reduction_) {
      case Reduction::sum:
      case Reduction::mean:
        return 0.0f;
      case Reduction::max:
        return -std::numeric_limits<float>::infinity();
      case Reduction::min:
        return std::numeric_limits<float>::infinity();
    }
    return 0.0f;
  }

  Reduction reduction_;
  View kept_;
  View folded_;
  View output_;
  ptrdiff_t groups_;
  ptrdiff_t members_;
  bool columns_ = false;
};

}  // namespace

std::unique_ptr<Operation> makeReduce(const Step& step) { return std::make_unique<ReduceOperation>(step); }

}  // namespace vitrine
