#include "../operation.h"
#include "../walk.h"

namespace vitrine {
namespace {

/** A function of corresponding elements. Works along the last axis; the others are walked through. */
class MapOperation : public Operation {
 public:
  explicit MapOperation(const Step& step)
      : function_(static_cast<int>(step.function)), output_(withRows(step.output)), views_() {
    for (const View& input : step.inputs) inputs_.push_back(withRows(input));
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
  /** Elements `start` to `end` in row-major order. */
  void runRange(const Workspace& workspace, ptrdiff_t start, ptrdiff_t end) const {
    const ptrdiff_t extent = output_.extentFromEnd(1);
    Walk walk(views_, output_.rank() - 1, start / extent);
    for (ptrdiff_t column = start % extent; start < end; walk.next(), column = 0) {
      const ptrdiff_t count = std::min(extent - column, end - start);
      runRow(workspace, walk, column, count);
      start += count;
    }
  }

  void runRow(const Workspace& workspace, const Walk& walk, ptrdiff_t column, ptrdiff_t count) const {
    const float* operands[3] = {};
    for (size_t i = 0; i < inputs_.size(); i++) {
      const View& input = inputs_[i];
      operands[i] =
          workspace.buffers[input.buffer] + walk.position(i + 1) + column * input.strideFromEnd(1);
    }
    float* output = workspace.buffers[output_.buffer] + walk.position(0) + column * output_.strideFromEnd(1);
    if (vectorised_) {
      int steps[3] = {};
      for (size_t i = 0; i < inputs_.size(); i++) steps[i] = inputs_[i].strideFromEnd(1) == 0 ? 0 : 1;
      workspace.kernels.map[function_](operands, steps, output, count);
    } else {
      runScattered(workspace, operands, output, count);
    }
  }

  /** Elements that do not lie side by side are brought together, block by block. */
  void runScattered(const Workspace& workspace, const float* const* operands, float* output,
                    ptrdiff_t count) const {
    constexpr ptrdiff_t block = 128;
    float gathered[3][block];
    float results[block];
    const float* sources[3] = {gathered[0], gathered[1], gathered[2]};
    const int steps[3] = {1, 1, 1};
    const ptrdiff_t outputStride = output_.strideFromEnd(1);
    for (ptrdiff_t start = 0; start < count; start += block) {
      const ptrdiff_t part = std::min(block, count - start);
      for (size_t i = 0; i < inputs_.size(); i++) {
        const ptrdiff_t stride = inputs_[i].strideFromEnd(1);
        gather(operands[i] + start * stride, stride, part, gathered[i]);
      }
      workspace.kernels.map[function_](sources, steps, results, part);
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
