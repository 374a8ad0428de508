#include <algorithm>
#include <array>
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

/** Of each input, where something lies or how far apart. */
template <typename Value>
using OfEach = std::array<Value, 2>;

/** Folds the axes behind the kept ones: the elements of a view, or what is made of those of two. */
class ReduceOperation : public Operation {
 public:
  explicit ReduceOperation(const Step& step) : reduction_(step.reduction), made_(step.made), output_(step.output) {
    for (const View& input : step.inputs) {
      kept_.push_back(axesOf(input, 0, step.kept, input.offset));
      folded_.push_back(withRows(axesOf(input, step.kept, input.rank(), 0)));
    }
    groups_ = kept_[0].size();
    members_ = folded_[0].size();
    inPlace_ = lieSideBySide(folded_);
    const bool grouped = kept_[0].rank() > 0;
    rows_ = grouped && members_ > 0 && folded_[0].rank() == 1 && inPlace_;
    columns_ = grouped && !rows_ && members_ > 1 && kept_[0].extentFromEnd(1) >= 8 && lieSideBySide(kept_);
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
      } else if (rows_) {
        foldRows(workspace, start, end);
      } else {
        foldGroups(workspace, start, end);
      }
    });
  }

 private:
  /** Elements that are gathered at once, and columns that are folded at once. */
  static constexpr ptrdiff_t block = 512;
  static constexpr ptrdiff_t fewestColumns = 128;
  /** Sums run over so many members before they join the total: fewer roundings than one long chain. */
  static constexpr ptrdiff_t run_ = 16;

  /** Memory for a block. */
  struct Blocks {
    OfEach<float[block]> gathered;
    float sums[block];
    float part[block];
  };

  /** Whether kernels can read along the last axis of all views. */
  static bool lieSideBySide(const std::vector<View>& views) {
    return std::all_of(views.begin(), views.end(), [](const View& view) { return view.strideFromEnd(1) == 1; });
  }

  /** Where the first element of each input lies. */
  OfEach<const float*> startsOf(const Workspace& workspace, const Walk& walk) const {
    OfEach<const float*> result{};
    for (size_t i = 0; i < kept_.size(); i++) result[i] = workspace.buffers[kept_[i].buffer] + walk.position(i);
    return result;
  }

  /** What is folded, from `start` of each input on, along the last axis of these views: a block at most, if it is gathered. */
  Elements elements(OfEach<const float*> start, const std::vector<View>& along, ptrdiff_t count, Blocks& blocks) const {
    for (size_t i = 0; i < along.size(); i++) {
      const ptrdiff_t stride = along[i].strideFromEnd(1);
      if (stride == 1) continue;
      gather(start[i], stride, count, blocks.gathered[i]);
      start[i] = blocks.gathered[i];
    }
    return {made_, start[0], start[1]};
  }

  /** Groups of members that lie side by side: one row after the other. */
  void foldRows(const Workspace& workspace, ptrdiff_t start, ptrdiff_t end) const {
    const View& last = kept_[0];
    const ptrdiff_t extent = last.extentFromEnd(1);
    OfEach<ptrdiff_t> distances{};
    for (size_t i = 0; i < kept_.size(); i++) distances[i] = kept_[i].strideFromEnd(1);
    float* output = workspace.at(output_);
    Walk runs(pointersTo(kept_), last.rank() - 1, start / extent);
    for (ptrdiff_t row = start % extent; start < end; runs.next(), row = 0) {
      OfEach<const float*> base = startsOf(workspace, runs);
      for (size_t i = 0; i < kept_.size(); i++) base[i] += row * distances[i];
      const ptrdiff_t count = std::min(extent - row, end - start);
      workspace.kernels.reduce(reduction_, {made_, base[0], base[1]}, distances.data(), count, members_, output + start);
      start += count;
    }
  }

  /** Groups whose members lie anywhere: one number after the other. */
  void foldGroups(const Workspace& workspace, ptrdiff_t start, ptrdiff_t end) const {
    float* output = workspace.at(output_);
    Walk groups(pointersTo(kept_), kept_[0].rank(), start);
    Walk members(pointersTo(folded_), folded_[0].rank() - 1, 0);
    Blocks blocks;
    for (ptrdiff_t group = start; group < end; group++, groups.next()) {
      output[group] = foldOne(workspace.kernels, startsOf(workspace, groups), members, blocks);
    }
  }

  static float reduced(const Kernels& kernels, Reduction fold, const Elements& of, ptrdiff_t count) {
    constexpr ptrdiff_t distances[] = {0, 0};
    float result;
    kernels.reduce(fold, of, distances, 1, count, &result);
    return result;
  }

  bool adds() const { return reduction_ == Reduction::sum || reduction_ == Reduction::mean; }
  float added(double total) const {
    return static_cast<float>(reduction_ == Reduction::mean ? total / static_cast<double>(members_) : total);
  }

  /** @param walk through the rows of members, at the first of them; there again in the end */
  float foldOne(const Kernels& kernels, const OfEach<const float*>& base, Walk& walk, Blocks& blocks) const {
    if (members_ == 0) return identity();
    const Reduction fold = adds() ? Reduction::sum : reduction_;
    const ptrdiff_t extent = folded_[0].extentFromEnd(1);
    // What lies side by side is read where it is.
    const ptrdiff_t atOnce = inPlace_ ? extent : block;
    double total = 0.0;
    float extremes[2] = {identity(), 0.0f};
    for (ptrdiff_t row = 0; row < members_ / extent; row++, walk.next()) {
      for (ptrdiff_t i = 0; i < extent; i += atOnce) {
        OfEach<const float*> start = base;
        for (size_t j = 0; j < folded_.size(); j++) start[j] += walk.position(j) + i * folded_[j].strideFromEnd(1);
        const ptrdiff_t count = std::min(atOnce, extent - i);
        const float folded = reduced(kernels, fold, elements(start, folded_, count, blocks), count);
        if (adds()) {
          total += static_cast<double>(folded);
        } else {
          extremes[1] = folded;
          extremes[0] = reduced(kernels, fold, {Made::copy, extremes}, 2);
        }
      }
    }
    return adds() ? added(total) : extremes[0];
  }

  /** Groups that lie side by side: whole rows of them are folded at once. */
  void foldColumns(const Workspace& workspace, ptrdiff_t start, ptrdiff_t end) const {
    const ptrdiff_t extent = kept_[0].extentFromEnd(1);
    float* output = workspace.at(output_);
    Walk rows(pointersTo(kept_), kept_[0].rank() - 1, start / extent);
    Walk members(pointersTo(folded_), folded_[0].rank() - 1, 0);
    Blocks blocks;
    for (ptrdiff_t column = start % extent; start < end; rows.next(), column = 0) {
      const ptrdiff_t rowEnd = start + std::min(extent - column, end - start);
      for (; start < rowEnd; start += block, column += block) {
        OfEach<const float*> base = startsOf(workspace, rows);
        for (size_t i = 0; i < kept_.size(); i++) base[i] += column * kept_[i].strideFromEnd(1);
        foldBlock(workspace.kernels, base, members, blocks, output + start, std::min(block, rowEnd - start));
      }
      start = rowEnd;
    }
  }

  /** @param walk through the rows of members, at the first of them; there again in the end */
  void foldBlock(const Kernels& kernels, const OfEach<const float*>& base, Walk& walk, Blocks& blocks, float* output,
                 ptrdiff_t count) const {
    const bool averages = reduction_ == Reduction::mean;
    const Reduction fold = averages ? Reduction::sum : reduction_;
    float* part = blocks.part;
    float* total = averages ? blocks.sums : output;
    std::fill(total, total + count, identity());
    // Members along the last folded axis are evenly spaced.
    const ptrdiff_t extent = folded_[0].extentFromEnd(1);
    OfEach<ptrdiff_t> distances{};
    for (size_t i = 0; i < folded_.size(); i++) distances[i] = folded_[i].strideFromEnd(1);
    for (ptrdiff_t member = 0; member < members_;) {
      // A single run joins the total at once.
      float* run = members_ <= run_ ? total : part;
      if (run == part) std::fill(part, part + count, identity());
      const ptrdiff_t stop = std::min(members_, member + run_);
      while (member < stop) {
        const ptrdiff_t along = member % extent;
        const ptrdiff_t together = std::min(stop - member, extent - along);
        OfEach<const float*> start = base;
        for (size_t i = 0; i < folded_.size(); i++) start[i] += walk.position(i) + along * distances[i];
        kernels.accumulate(fold, run, elements(start, kept_, count, blocks), distances.data(), together, count);
        member += together;
        if (along + together == extent) walk.next();
      }
      if (run == part) kernels.accumulate(fold, total, {Made::copy, part}, distances.data(), 1, count);
    }
    if (!averages) return;
    const float divisor = static_cast<float>(members_);
    const float* const operands[] = {blocks.sums, &divisor, nullptr};
    MapRows row;
    row.steps[0] = 1;
    kernels.map[static_cast<int>(Function::divide)](operands, row, output, count);
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
  Made made_;
  /** Of each input the axes that stay, and the others. */
  std::vector<View> kept_;
  std::vector<View> folded_;
  View output_;
  ptrdiff_t groups_ = 0;
  ptrdiff_t members_ = 0;
  /** Whether members lie side by side along the last folded axis. */
  bool inPlace_ = false;
  /** Whether all members of each group lie side by side. */
  bool rows_ = false;
  /** Whether groups lie side by side, and members do not. */
  bool columns_ = false;
};

}  // namespace

std::unique_ptr<Operation> makeReduce(const Step& step) { return std::make_unique<ReduceOperation>(step); }

}  // namespace vitrine
