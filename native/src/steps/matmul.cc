#include <numeric>

#include "../operation.h"
#include "../walk.h"
#include "product_plan.h"

namespace vitrine {
namespace {

using Left = ProductPlan::Left;
using Right = ProductPlan::Right;

/** Bias or residual: what is read beside the matrices. */
struct Companion {
  View view;
  bool present = false;
  /** Where a copy lies in the shared scratch memory if the view's columns are not side by side; else -1. */
  ptrdiff_t copyAt = -1;
};

/** The first of the right matrices. */
MatrixLayout rightLayout(const Step& step) {
  const View& right = step.inputs[1];
  return {right.offset, right.strideFromEnd(2), right.strideFromEnd(1), right.extentFromEnd(2), right.extentFromEnd(1)};
}

/** Whether all of the batch share the right matrix. */
bool isOneRight(const Step& step) { return step.inputs[1].repeatsAlong(step.inputs[1].rank() - 2); }

/**
 * Whether the numbers of a tile that are read together lie in few sets of the first cache: columns that lie far apart, or rows
 * that do so by 2 KB or a multiple of it, as those of a depth of 1024 or 3072. There are eight places in a set or twelve,
 * and the panel wants some of them.
 */
bool collides(ptrdiff_t row, ptrdiff_t column, ptrdiff_t tileRows) {
  if (row == 1) return column > 1;
  constexpr ptrdiff_t reach = 1024;  // floats in 4 KB, after which the sets begin anew
  return column == 1 && tileRows > 4 * (reach / std::gcd(row, reach));
}

/** `softmax(activation(scale * a b + bias) + residual)`, everything behind the product where asked for. */
class MatmulOperation : public Operation {
 public:
  MatmulOperation(const Step& step, const Kernels& kernels, const Pool& pool, const Constants& constants)
      : scale_(step.scale), activation_(step.activation), softmax_(step.softmax), output_(step.output) {
    a_ = step.inputs[0];
    b_ = step.inputs[1];
    size_t next = 2;
    if (step.bias) bias_ = take(step, next);
    if (step.residual) residual_ = take(step, next);
    rows_ = output_.extentFromEnd(2);
    columns_ = output_.extentFromEnd(1);
    batchAxes_ = output_.rank() - 2;
    batch_ = output_.size(0, batchAxes_);
    const ptrdiff_t depth = a_.extentFromEnd(1);
    layout_ = rightLayout(step);
    oneRight_ = isOneRight(step);
    joinBatchToRows();
    if (oneRight_ && constants[b_.buffer]) {
      constant_ = constants[b_.buffer];
      pack_ = constant_->pack(layout_);
      if (pack_ == nullptr) transpose_ = constant_->pack(layout_.transposed());
    }
    ProductSize size;
    size.batch = batch_;
    size.rows = rows_;
    size.depth = depth;
    size.columns = columns_;
    size.leftCollides = collides(a_.strideFromEnd(2), a_.strideFromEnd(1), kernels.tileRows);
    size.oneRight = oneRight_;
    size.rightIsPacked = pack_ != nullptr;
    size.rightIsRowMajor = layout_.columnStride == 1 && transpose_ == nullptr;
    size.wholeRows = softmax_;
    plan_ = ProductPlan(size, kernels, pool.threads());
    // A right matrix that is copied anyway is scaled on the way, which spares every sum; but not one that will be packed once
    // the constant is settled, so that each run has the same bits.
    const bool copies = plan_.right == Right::before || plan_.right == Right::byTask;
    if (copies && transpose_ == nullptr) std::swap(scale_, packScale_);
    assignScratch(kernels);
  }

  ptrdiff_t sharedScratch() const override { return scratchSize_; }
  ptrdiff_t threadScratch() const override { return threadScratchSize_; }

  void prepare(const Kernels& kernels, Pool& pool) const override {
    for (Constant::Pack* pack : {pack_, transpose_}) {
      if (pack != nullptr) constant_->refresh(kernels, pool, *pack);
    }
  }

  void run(const Workspace& workspace) const override {
    if (plan_.right == Right::before || plan_.right == Right::inPlace) packRight(workspace);
    if (plan_.left == Left::before) packLeft(workspace);
    copyCompanions(workspace);
    const ptrdiff_t perMatrix = plan_.tasksPerMatrix();
    workspace.pool.run(batch_ * perMatrix, [&](ptrdiff_t task, int thread) {
      const ptrdiff_t part = task % perMatrix;
      runTask(workspace, task / perMatrix, part / plan_.panelTasks, part % plan_.panelTasks, thread);
    });
    if (resultAt_ >= 0) scatterResult(workspace);
  }

 private:
  static Companion take(const Step& step, size_t& next) { return {step.inputs[next++], true, -1}; }

  /** With one right matrix, a batch whose rows follow each other evenly is one taller matrix. */
  void joinBatchToRows() {
    if (!oneRight_ || batchAxes_ != 1) return;
    const auto even = [&](const View& view) { return view.strides[0] == rows_ * view.strides[1]; };
    if (!even(a_) || !even(output_)) return;
    if (residual_.present && !even(residual_.view)) return;
    rows_ *= batch_;
    for (View* view : {&a_, &output_, &residual_.view}) {
      if (view->shape.empty()) continue;
      view->shape = {rows_, view->shape[2]};
      view->strides = {view->strides[1], view->strides[2]};
    }
    batch_ = 1;
    batchAxes_ = 0;
  }

  /** Gives every copy its place. */
  void assignScratch(const Kernels& kernels) {
    const auto shared = [&](ptrdiff_t size) {
      const ptrdiff_t at = scratchSize_;
      scratchSize_ += size;
      return at;
    };
    if (plan_.right == Right::before || plan_.right == Right::inPlace) {
      shared((oneRight_ ? 1 : batch_) * packedMatrix(kernels));
    }
    if (plan_.left == Left::before) {
      packedLeft_ = plan_.rowsPerTask * plan_.depth;
      leftAt_ = shared(batch_ * packedLeft_);
    }
    if (bias_.present && bias_.view.strideFromEnd(1) != 1) bias_.copyAt = shared(columns_);
    if (residual_.present && residual_.view.strideFromEnd(1) != 1) residual_.copyAt = shared(batch_ * rows_ * columns_);
    if (output_.strideFromEnd(1) != 1 && columns_ != 1) resultAt_ = shared(batch_ * rows_ * columns_);

    if (plan_.left == Left::byTask) threadScratchSize_ += plan_.rowsPerTask * plan_.pieceDepth();
    rightAt_ = threadScratchSize_;
    if (plan_.right == Right::byTask) {
      threadScratchSize_ += plan_.panelsPerTask * kernels.panelColumns * plan_.pieceDepth();
    }
  }

  /** Floats of a packed matrix; of one that is read where it lies, only the last panel, which vectors overrun. */
  ptrdiff_t packedMatrix(const Kernels& kernels) const {
    return plan_.right == Right::inPlace ? layout_.panelSize(kernels) : layout_.packedSize(kernels);
  }

  MatrixLayout layoutOf(ptrdiff_t matrix) const {
    MatrixLayout layout = layout_;
    if (!oneRight_) layout.offset = b_.position(matrix, batchAxes_);
    return layout;
  }

  void packRight(const Workspace& workspace) const {
    const Kernels& kernels = workspace.kernels;
    const ptrdiff_t first = plan_.right == Right::inPlace ? plan_.panels - 1 : 0;
    const ptrdiff_t perMatrix = plan_.panels - first;
    const ptrdiff_t matrices = oneRight_ ? 1 : batch_;
    // A panel alone is little work.
    const ptrdiff_t perTask = std::max<ptrdiff_t>(1, worthwhile / std::max<ptrdiff_t>(1, layout_.panelSize(kernels)));
    const ptrdiff_t count = matrices * perMatrix;
    workspace.pool.run(pieces(count, perTask), [&](ptrdiff_t task, int) {
      for (ptrdiff_t i = task * perTask; i < std::min(count, (task + 1) * perTask); i++) {
        copyPanel(workspace, i / perMatrix, 0, layout_.rows, first + i % perMatrix,
                  workspace.scratch + i * layout_.panelSize(kernels));
      }
    });
  }

  /** Copies some rows of a panel, from `start` on. */
  void copyPanel(const Workspace& workspace, ptrdiff_t matrix, ptrdiff_t start, ptrdiff_t depth, ptrdiff_t panel,
                 float* packed) const {
    if (transpose_ != nullptr) {
      turnPanel(workspace.kernels, layout_, transpose_->panels.data(), start, depth, panel, packed);
      return;
    }
    MatrixLayout layout = layoutOf(matrix);
    layout.offset += start * layout.rowStride;
    layout.rows = depth;
    packPanel(workspace.kernels, layout, workspace.buffers[b_.buffer], panel, packScale_, packed);
  }

  /** Piece by piece of the depth, each with all rows. */
  void packLeft(const Workspace& workspace) const {
    workspace.pool.run(batch_ * plan_.depthPieces, [&](ptrdiff_t task, int) {
      const ptrdiff_t matrix = task / plan_.depthPieces;
      const ptrdiff_t start = plan_.pieceStart(task % plan_.depthPieces);
      const ptrdiff_t depth = plan_.pieceStart(task % plan_.depthPieces + 1) - start;
      const float* a = workspace.buffers[a_.buffer] + a_.position(matrix, batchAxes_) + start * a_.strideFromEnd(1);
      workspace.kernels.packLeft(a, a_.strideFromEnd(2), a_.strideFromEnd(1), rows_, depth,
                                 leftTiles(workspace, matrix, start));
    });
  }

  /** Where the copy of a piece of the left matrix lies. */
  float* leftTiles(const Workspace& workspace, ptrdiff_t matrix, ptrdiff_t start) const {
    return workspace.scratch + leftAt_ + matrix * packedLeft_ + start * plan_.rowsPerTask;
  }

  void copyCompanions(const Workspace& workspace) const {
    if (bias_.copyAt >= 0) {
      gather(workspace.at(bias_.view), bias_.view.strideFromEnd(1), columns_, workspace.scratch + bias_.copyAt);
    }
    if (residual_.copyAt < 0) return;
    const View& view = residual_.view;
    Walk walk({&view}, view.rank() - 1, 0);
    for (ptrdiff_t row = 0; row < batch_ * rows_; row++, walk.next()) {
      gather(workspace.buffers[view.buffer] + walk.position(0), view.strideFromEnd(1), columns_,
             workspace.scratch + residual_.copyAt + row * columns_);
    }
  }

  /** Where a row of the residual lies, and how far apart its rows are. */
  const float* residualRow(const Workspace& workspace, ptrdiff_t matrix, ptrdiff_t row, ptrdiff_t& distance) const {
    if (!residual_.present) return nullptr;
    if (residual_.copyAt >= 0) {
      distance = columns_;
      return workspace.scratch + residual_.copyAt + (matrix * rows_ + row) * columns_;
    }
    const View& view = residual_.view;
    distance = view.strideFromEnd(2);
    return workspace.buffers[view.buffer] + view.position(matrix, batchAxes_) + row * distance;
  }

  /** Where a row of the result is stored, and how far apart its rows are. */
  float* outputRow(const Workspace& workspace, ptrdiff_t matrix, ptrdiff_t row, ptrdiff_t& distance) const {
    if (resultAt_ >= 0) {
      distance = columns_;
      return workspace.scratch + resultAt_ + (matrix * rows_ + row) * columns_;
    }
    distance = output_.strideFromEnd(2);
    return workspace.buffers[output_.buffer] + output_.position(matrix, batchAxes_) + row * distance;
  }

  /** Takes a result whose columns must not lie side by side to where it belongs. */
  void scatterResult(const Workspace& workspace) const {
    const ptrdiff_t stride = output_.strideFromEnd(1);
    // Whole cache lines of a transposed result.
    const ptrdiff_t perTask = roundedUp(pieces(worthwhile, columns_), 16);
    const ptrdiff_t rows = batch_ * rows_;
    workspace.pool.run(pieces(rows, perTask), [&](ptrdiff_t task, int) {
      const ptrdiff_t end = std::min(rows, (task + 1) * perTask);
      Walk walk({&output_}, output_.rank() - 1, task * perTask);
      for (ptrdiff_t row = task * perTask; row < end; row++, walk.next()) {
        const float* from = workspace.scratch + resultAt_ + row * columns_;
        float* to = workspace.buffers[output_.buffer] + walk.position(0);
        for (ptrdiff_t j = 0; j < columns_; j++) to[j * stride] = from[j];
      }
    });
  }

  void runTask(const Workspace& workspace, ptrdiff_t matrix, ptrdiff_t rowTask, ptrdiff_t panelTask,
               int thread) const {
    const Kernels& kernels = workspace.kernels;
    const ptrdiff_t row = rowTask * plan_.rowsPerTask;
    PanelProduct part;
    part.rows = std::min(plan_.rowsPerTask, rows_ - row);
    float* output = outputRow(workspace, matrix, row, part.outputRow);

    Finish finish;
    finish.scale = scale_;
    finish.activation = activation_;
    const float* bias = !bias_.present      ? nullptr
                        : bias_.copyAt >= 0 ? workspace.scratch + bias_.copyAt
                                            : workspace.at(bias_.view);
    const float* residual = residualRow(workspace, matrix, row, finish.residualRow);
    const bool finishes = scale_ != 1.0f || bias != nullptr || residual != nullptr || activation_ != Activation::none;

    const ptrdiff_t firstPanel = panelTask * plan_.panelsPerTask;
    const ptrdiff_t lastPanel = std::min(plan_.panels, firstPanel + plan_.panelsPerTask);
    for (ptrdiff_t piece = 0; piece < plan_.depthPieces; piece++) {
      const ptrdiff_t start = plan_.pieceStart(piece);
      part.depth = plan_.pieceStart(piece + 1) - start;
      part.accumulate = piece > 0;
      part.finish = finishes && piece == plan_.depthPieces - 1 ? &finish : nullptr;
      readLeft(workspace, matrix, row, start, thread, part);
      const Panels panels = readRight(workspace, matrix, firstPanel, lastPanel, start, part.depth, thread);
      for (ptrdiff_t panel = firstPanel; panel < lastPanel; panel++) {
        const ptrdiff_t column = panel * kernels.panelColumns;
        const bool last = panel == plan_.panels - 1;
        part.b = last ? panels.last : panels.first + (panel - firstPanel) * panels.distance;
        part.bRow = last ? kernels.panelColumns : panels.row;
        part.columns = std::min<ptrdiff_t>(kernels.panelColumns, columns_ - column);
        part.output = output + column;
        finish.bias = bias == nullptr ? nullptr : bias + column;
        finish.residual = residual == nullptr ? nullptr : residual + column;
        part.next = plan_.right != Right::inPlace && panel + 1 < lastPanel ? part.b + panels.distance : nullptr;
        part.nextColumns = std::min<ptrdiff_t>(kernels.panelColumns, columns_ - column - kernels.panelColumns);
        kernels.product(part);
      }
    }
    if (!softmax_) return;
    for (ptrdiff_t i = 0; i < part.rows; i++) {
      kernels.softmax(output + i * part.outputRow, output + i * part.outputRow, columns_);
    }
  }

  /** The left matrix from `row` and `start` on, copied first if that is for the task to do. */
  void readLeft(const Workspace& workspace, ptrdiff_t matrix, ptrdiff_t row, ptrdiff_t start, int thread,
                PanelProduct& part) const {
    const Kernels& kernels = workspace.kernels;
    if (plan_.left == Left::before) {
      part.a = leftTiles(workspace, matrix, start);
    } else {
      part.aRow = a_.strideFromEnd(2);
      part.aColumn = a_.strideFromEnd(1);
      part.aTile = kernels.tileRows * part.aRow;
      part.a = workspace.buffers[a_.buffer] + a_.position(matrix, batchAxes_) + row * part.aRow + start * part.aColumn;
      if (plan_.left == Left::inPlace) return;
      float* tiles = workspace.scratchOf(thread);
      kernels.packLeft(part.a, part.aRow, part.aColumn, part.rows, part.depth, tiles);
      part.a = tiles;
    }
    part.aRow = 1;
    part.aColumn = kernels.tileRows;
    part.aTile = kernels.tileRows * part.depth;
  }

  /** Panels of the right matrix. */
  struct Panels {
    const float* first;
    /** Between panels. */
    ptrdiff_t distance;
    /** Between the rows of a panel. */
    ptrdiff_t row;
    /** The matrix' last panel, whose rows always follow each other; null if it is not asked for. */
    const float* last;
  };

  /** Some panels from the depth `start` on, copied first if that is for the task to do. */
  Panels readRight(const Workspace& workspace, ptrdiff_t matrix, ptrdiff_t firstPanel, ptrdiff_t lastPanel,
                   ptrdiff_t start, ptrdiff_t depth, int thread) const {
    const Kernels& kernels = workspace.kernels;
    const ptrdiff_t width = kernels.panelColumns;
    const auto following = [&](const float* first, ptrdiff_t distance) {
      const float* last = lastPanel < plan_.panels ? nullptr : first + (lastPanel - 1 - firstPanel) * distance;
      return Panels{first, distance, width, last};
    };
    if (plan_.right == Right::byTask) {
      float* packed = workspace.scratchOf(thread) + rightAt_;
      for (ptrdiff_t panel = firstPanel; panel < lastPanel; panel++) {
        copyPanel(workspace, matrix, start, depth, panel, packed + (panel - firstPanel) * depth * width);
      }
      return following(packed, depth * width);
    }
    const ptrdiff_t size = layout_.panelSize(kernels);
    if (plan_.right == Right::constant) return following(pack_->panels.data() + firstPanel * size + start * width, size);
    const float* packed = workspace.scratch + (oneRight_ ? 0 : matrix) * packedMatrix(kernels) + start * width;
    if (plan_.right == Right::before) return following(packed + firstPanel * size, size);
    const MatrixLayout layout = layoutOf(matrix);
    const float* b = workspace.buffers[b_.buffer] + layout.offset + start * layout.rowStride;
    return {b + firstPanel * width, width, layout.rowStride, packed};
  }

  /** What sums are multiplied with, and what the right matrix is while it is copied. */
  float scale_;
  float packScale_ = 1.0f;
  Activation activation_;
  bool softmax_;
  View a_;
  View b_;
  View output_;
  Companion bias_;
  Companion residual_;
  ptrdiff_t batch_ = 0;
  size_t batchAxes_ = 0;
  ptrdiff_t rows_ = 0;
  ptrdiff_t columns_ = 0;
  /** The right matrix as it lies in its buffer. */
  MatrixLayout layout_;
  /** Whether all of the batch share the right matrix. */
  bool oneRight_ = true;
  std::shared_ptr<Constant> constant_;
  Constant::Pack* pack_ = nullptr;
  /** While there is no pack, that of the transpose, of which panels are made when they are needed. */
  Constant::Pack* transpose_ = nullptr;
  ProductPlan plan_;
  // Shared scratch memory: copies of right matrices come first, the others where they are told to.
  ptrdiff_t scratchSize_ = 0;
  ptrdiff_t leftAt_ = 0;
  /** Floats of a left matrix that is copied before the tasks. */
  ptrdiff_t packedLeft_ = 0;
  /** Where results wait whose columns must not lie side by side; else -1. */
  ptrdiff_t resultAt_ = -1;
  // A thread's memory: rows of the left matrix, then panels of the right one.
  ptrdiff_t threadScratchSize_ = 0;
  ptrdiff_t rightAt_ = 0;
};

}  // namespace

std::optional<MatrixLayout> packedRight(const Step& step) {
  if (step.kind != StepKind::matmul || !isOneRight(step)) return std::nullopt;
  return rightLayout(step);
}

std::unique_ptr<Operation> makeMatmul(const Step& step, const Kernels& kernels, const Pool& pool,
                                      const Constants& constants) {
  return std::make_unique<MatmulOperation>(step, kernels, pool, constants);
}

}  // namespace vitrine
