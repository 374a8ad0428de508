#include "../operation.h"
#include "../walk.h"

namespace vitrine {
namespace {

/** Softmax, layer norm and their gradients: one kernel call a row. */
class RowsOperation : public Operation {
 public:
  explicit RowsOperation(const Step& step)
      : kind_(step.kind), epsilon_(step.epsilon), inputs_(step.inputs), output_(step.output) {
    columns_ = output_.extentFromEnd(1);
    rows_ = output_.size(0, output_.rank() - 1);
    for (size_t i = 0; i < inputs_.size(); i++) {
      // Weight and bias are vectors, the same for all rows.
      if (inputs_[i].rank() == output_.rank() && !isVector(i)) rowViews_.push_back(&inputs_[i]);
    }
  }

  ptrdiff_t sharedScratch() const override { return 2 * columns_; }
  ptrdiff_t threadScratch() const override { return 3 * columns_; }

  void run(const Workspace& workspace) const override {
    const float* vectors[2] = {};
    size_t found = 0;
    for (size_t i = 0; i < inputs_.size(); i++) {
      if (!isVector(i)) continue;
      vectors[found] = contiguous(workspace.at(inputs_[i]), inputs_[i].strideFromEnd(1),
                                  workspace.scratch + static_cast<ptrdiff_t>(found) * columns_);
      found++;
    }
    const ptrdiff_t perTask = std::max<ptrdiff_t>(1, worthwhile / std::max<ptrdiff_t>(1, columns_));
    workspace.pool.run(pieces(rows_, perTask), [&](ptrdiff_t task, int thread) {
      const ptrdiff_t start = task * perTask;
      runRows(workspace, vectors, start, std::min(rows_, start + perTask), workspace.scratchOf(thread));
    });
  }

 private:
  bool isVector(size_t input) const {
    if (kind_ == StepKind::layerNorm) return input > 0;
    return kind_ == StepKind::layerNormGradient && input == 1;
  }

  const float* contiguous(const float* from, ptrdiff_t stride, float* memory) const {
    if (stride == 1) return from;
    gather(from, stride, columns_, memory);
    return memory;
  }

  void runRows(const Workspace& workspace, const float* const* vectors, ptrdiff_t start, ptrdiff_t end,
               float* scratch) const {
    Walk walk(rowViews_, output_.rank() - 1, start);
    const Kernels& kernels = workspace.kernels;
    for (ptrdiff_t row = start; row < end; row++, walk.next()) {
      const float* operands[3] = {};
      for (size_t i = 0; i < rowViews_.size(); i++) {
        operands[i] = contiguous(workspace.buffers[rowViews_[i]->buffer] + walk.position(i),
                                 rowViews_[i]->strideFromEnd(1), scratch + static_cast<ptrdiff_t>(i) * columns_);
      }
      float* output = workspace.at(output_) + row * columns_;
      switch (kind_) {
        case StepKind::softmax:
          kernels.softmax(operands[0], output, columns_);
          break;
        case StepKind::softmaxGradient:
          kernels.softmaxGradient(operands[0], operands[1], output, columns_);
          break;
        case StepKind::layerNorm:
          kernels.layerNorm(operands[0], vectors[0], vectors[1], epsilon_, output, columns_);
          break;
        case StepKind::layerNormGradient:
          kernels.layerNormGradient(operands[0], vectors[0], operands[1], operands[2], epsilon_, output, columns_);
          break;
        case StepKind::map:
        case StepKind::reduce:
        case StepKind::matmul:
        case StepKind::largestMask:
          break;  // have operations of their own
      }
    }
  }

  StepKind kind_;
  float epsilon_;
  std::vector<View> inputs_;
  View output_;
  ptrdiff_t columns_ = 0;
  ptrdiff_t rows_ = 0;
  /** The inputs that have a row for each row of the output. */
  std::vector<const View*> rowViews_;
};

}  // namespace

std::unique_ptr<Operation> makeRows(const Step& step) { return std::make_unique<RowsOperation>(step); }

}  // namespace vitrine
