#include "../operation.h"
#include "../walk.h"

namespace vitrine {
namespace {

/** Adds axes of extent 1 before the others, so that every view has rows of a last axis. */
View withTwoAxes(View view) {
  view = withRows(std::move(view));
  if (view.rank() == 1) {
    view.shape.insert(view.shape.begin(), 1);
    view.strides.insert(view.strides.begin(), 0);
  }
  return view;
}

/** A function of corresponding elements. Works along the last axis; the others are walked through. */
class MapOperation : public Operation {
 public:
  explicit MapOperation(const Step& step)
      : function_(static_cast<int>(step.function)), output_(withTwoAxes(step.output)), views_() {
    for (const View& input : step.inputs) inputs_.push_back(withTwoAxes(input));
    views_.push_back(&output_);
    for (const View& input : inputs_) views_.push_back(&input);
    vectorised_ = output_.strideFromEnd(1) == 1 || output_.extentFromEnd(1) == 1;
    for (const View& input : inputs_) {
      vectorised_ &= input.strideFromEnd(1) == 0 || input.strideFromEnd(1) == 1;
    }
  }

  void run(const Workspace& workspace) const override {
    const ptrdiff_t size = output_.size();
    const ptrdiff_t tasks = pieces(size, worthwhile);
    workspace.pool.run(tasks, [&](ptrdiff_t task, int) {
      runRange(workspace, task * worthwhile, std::min(size, (task + 1) * worthwhile));
    });
  }

 private:
  /** Elements `start` to `end` in row-major order: whole rows that lie evenly at once, parts of rows alone. */
  void runRange(const Workspace& workspace, ptrdiff_t start, ptrdiff_t end) const {
    const ptrdiff_t extent = output_.extentFromEnd(1);
    const ptrdiff_t rows = output_.extentFromEnd(2);
    Walk walk(views_, output_.rank() - 2, start / (rows * extent));
    while (start < end) {
      const ptrdiff_t row = start / extent % rows;
      const ptrdiff_t column = start % extent;
      const ptrdiff_t whole = column > 0 ? 0 : std::min(rows - row, (end - start) / extent);
      const ptrdiff_t count = whole > 0 ? extent : std::min(extent - column, end - start);
      const ptrdiff_t taken = std::max<ptrdiff_t>(1, whole);
      runRows(workspace, walk, row, column, taken, count);
      start += taken * count;
      if (start % (rows * extent) == 0) walk.next();
    }
  }

  /** Parts of rows, from a row and a column on. */
  void runRows(const Workspace& workspace, const Walk& walk, ptrdiff_t row, ptrdiff_t column, ptrdiff_t rows,
               ptrdiff_t count) const {
    const auto at = [&](size_t view) {
      const View& of = *views_[view];
      return workspace.buffers[of.buffer] + walk.position(view) + row * of.strideFromEnd(2) + column * of.strideFromEnd(1);
    };
    const float* operands[3] = {};
    for (size_t i = 0; i < inputs_.size(); i++) operands[i] = at(i + 1);
    if (vectorised_) {
      MapRows part;
      part.rows = rows;
      part.outputRow = output_.strideFromEnd(2);
      for (size_t i = 0; i < inputs_.size(); i++) {
        part.steps[i] = inputs_[i].strideFromEnd(1) == 0 ? 0 : 1;
        part.operandRows[i] = inputs_[i].strideFromEnd(2);
      }
      workspace.kernels.map[function_](operands, part, at(0), count);
      return;
    }
    for (ptrdiff_t i = 0; i < rows; i++) {
      runScattered(workspace, operands, at(0) + i * output_.strideFromEnd(2), count);
      for (size_t j = 0; j < inputs_.size(); j++) operands[j] += inputs_[j].strideFromEnd(2);
    }
  }

  /** Elements that do not lie side by side are brought together, block by block. */
  void runScattered(const Workspace& workspace, const float* const* operands, float* output,
                    ptrdiff_t count) const {
    constexpr ptrdiff_t block = 128;
    float gathered[3][block];
    float results[block];
    const float* sources[3] = {gathered[0], gathered[1], gathered[2]};
    MapRows row;
    for (int& step : row.steps) step = 1;
    const ptrdiff_t outputStride = output_.strideFromEnd(1);
    for (ptrdiff_t start = 0; start < count; start += block) {
      const ptrdiff_t part = std::min(block, count - start);
      for (size_t i = 0; i < inputs_.size(); i++) {
        const ptrdiff_t stride = inputs_[i].strideFromEnd(1);
        gather(operands[i] + start * stride, stride, part, gathered[i]);
      }
      workspace.kernels.map[function_](sources, row, results, part);
      for (ptrdiff_t i = 0; i < part; i++) output[(start + i) * outputStride] = results[i];
    }
  }

  int function_;
  View output_;
  std::vector<View> inputs_;
  /** The output, then the inputs. */
  std::vector<const View*> views_;
  bool vectorised_ = true;
};

}  // namespace

std::unique_ptr<Operation> makeMap(const Step& step) { return std::make_unique<MapOperation>(step); }

}  // namespace vitrine
