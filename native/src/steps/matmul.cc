#include "../operation.h"
#include "../walk.h"

namespace vitrine {
namespace {

/** The longest piece of the depth that is summed at once: a panel of it fits the first cache with rows to spare. */
constexpr ptrdiff_t longestPiece = 320;
/** Floats of the left matrix that stay in the second cache while the panels pass by: 256 KB of its 512 or more. */
constexpr ptrdiff_t leftInCache = 65536;
/** With fewer rows than this, copying the right matrix into panels costs more than it saves. */
constexpr ptrdiff_t rowsWorthPacking = 8;
/** Depth from which a left matrix whose rows lie side by side is copied: its columns would push each other out of the caches. */
constexpr ptrdiff_t depthWorthPacking = 512;
/** Multiply-adds that are worth handing to another thread: some microseconds. */
constexpr ptrdiff_t worthwhileProduct = 1 << 18;

ptrdiff_t roundedUp(ptrdiff_t value, ptrdiff_t multiple) { return (value + multiple - 1) / multiple * multiple; }
ptrdiff_t pieces(ptrdiff_t whole, ptrdiff_t piece) { return (whole + piece - 1) / piece; }

/** Bias or residual: what is read beside the matrices. */
struct Companion {
  View view;
  bool present = false;
  /** Where a copy lies in the shared scratch memory if the view's columns are not side by side; else -1. */
  ptrdiff_t copyAt = -1;
};

/**
 * `softmax(activation(scale * a b + bias) + residual)`, everything behind the product where asked for.
 *
 * The work is cut into tasks of some rows by some panels. A right matrix that is a constant was packed when the program
 * was loaded; another is packed at each run, unless there are so few rows that it is read where it lies.
 */
class MatmulOperation : public Operation {
 public:
  MatmulOperation(const Step& step, const Kernels& kernels, Pool& pool, const BoundConstants& constants)
      : scale_(step.scale), activation_(step.activation), softmax_(step.softmax), output_(step.output) {
    a_ = step.inputs[0];
    b_ = step.inputs[1];
    size_t next = 2;
    if (step.bias) bias_ = take(step, next);
    if (step.residual) residual_ = take(step, next);
    rows_ = output_.extentFromEnd(2);
    columns_ = output_.extentFromEnd(1);
    depth_ = a_.extentFromEnd(1);
    batchAxes_ = output_.rank() - 2;
    batch_ = output_.size(0, batchAxes_);
    layout_ = {0, b_.strideFromEnd(2), b_.strideFromEnd(1), depth_, columns_};
    oneRight_ = b_.repeatsAlong(batchAxes_);
    joinBatchToRows();
    if (oneRight_) {
      layout_.offset = b_.offset;
      const BoundConstant& bound = constants[b_.buffer];
      if (bound.constant) {
        constant_ = bound.constant;
        pack_ = bound.constant->pack(kernels, pool, layout_, bound.given);
      }
    }
    const bool leftLiesAcross = a_.strideFromEnd(2) == 1 && a_.strideFromEnd(1) > 1;
    packsLeft_ = leftLiesAcross && depth_ >= depthWorthPacking && columns_ > 2 * kernels.panelColumns && !softmax_;
    direct_ = pack_ == nullptr && rows_ < rowsWorthPacking && layout_.columnStride == 1;
    // A right matrix that is copied anyway is scaled on the way, which spares every sum.
    if (pack_ == nullptr && !direct_) std::swap(scale_, packScale_);
    plan(kernels, pool.threads());
  }

  ptrdiff_t sharedScratch() const override { return scratchSize_; }

  void run(const Workspace& workspace) const override {
    if (pack_ != nullptr) {
      constant_->refresh(workspace.kernels, workspace.pool, *pack_);
    } else {
      packRight(workspace);
    }
    copyCompanions(workspace);
    const ptrdiff_t perMatrix = rowTasks_ * panelTasks_;
    workspace.pool.run(batch_ * perMatrix, [&](ptrdiff_t task, int thread) {
      const ptrdiff_t part = task % perMatrix;
      runTask(workspace, task / perMatrix, part / panelTasks_, part % panelTasks_, thread);
    });
  }

 private:
  static Companion take(const Step& step, size_t& next) { return {step.inputs[next++], true, -1}; }

  /** With one right matrix, a batch whose rows follow each other evenly is one taller matrix. */
  void joinBatchToRows() {
    if (!oneRight_ || batchAxes_ != 1) return;
    const auto even = [&](const View& view) { return view.strides[0] == rows_ * view.strides[1]; };
    if (!even(a_)) return;
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

  /** Decides how the work is cut up and what scratch memory it takes. */
  void plan(const Kernels& kernels, int threads) {
    panels_ = layout_.panels(kernels);
    depthPieces_ = std::max<ptrdiff_t>(1, pieces(depth_, longestPiece));
    const ptrdiff_t perRow = std::max<ptrdiff_t>(1, depth_ * columns_);
    if (softmax_) {
      // A row must be finished by the task that began it.
      panelsPerTask_ = panels_;
      rowsPerTask_ = std::max<ptrdiff_t>(8, worthwhileProduct / perRow);
    } else if (packsLeft_) {
      // What was copied serves all panels.
      panelsPerTask_ = panels_;
      const ptrdiff_t mostRows = leftInCache / pieces(depth_, depthPieces_);
      rowsPerTask_ = std::min(mostRows, pieces(rows_ * batch_, 4 * threads));
    } else {
      const ptrdiff_t mostRows = std::max<ptrdiff_t>(4 * kernels.tileRows, leftInCache / std::max<ptrdiff_t>(1, depth_));
      const ptrdiff_t blocks = pieces(rows_, mostRows);
      rowsPerTask_ = pieces(rows_, blocks);
      const ptrdiff_t perPanel = std::max<ptrdiff_t>(1, rowsPerTask_ * depth_ * kernels.panelColumns);
      panelsPerTask_ = std::min(panels_, std::max<ptrdiff_t>(1, worthwhileProduct / perPanel));
      // Few panels: cut the rows, if there is enough work for more tasks.
      const ptrdiff_t wanted = std::min<ptrdiff_t>(4 * threads, batch_ * rows_ * perRow / worthwhileProduct);
      const ptrdiff_t tasks = batch_ * blocks * pieces(panels_, panelsPerTask_);
      if (tasks < wanted) rowsPerTask_ = pieces(rowsPerTask_, pieces(wanted, tasks));
    }
    rowsPerTask_ = roundedUp(rowsPerTask_, kernels.tileRows);
    rowTasks_ = pieces(rows_, rowsPerTask_);
    panelTasks_ = pieces(panels_, panelsPerTask_);
    if (pack_ == nullptr) scratchSize_ = (oneRight_ ? 1 : batch_) * packedMatrix(kernels);
    if (packsLeft_) {
      leftAt_ = scratchSize_;
      scratchSize_ += threads * leftSize();
    }
    if (bias_.present && bias_.view.strideFromEnd(1) != 1) {
      bias_.copyAt = scratchSize_;
      scratchSize_ += columns_;
    }
    if (residual_.present && residual_.view.strideFromEnd(1) != 1) {
      residual_.copyAt = scratchSize_;
      scratchSize_ += batch_ * rows_ * columns_;
    }
  }

  /** Floats of a piece of the left matrix that a task copies. */
  ptrdiff_t leftSize() const { return rowsPerTask_ * pieces(depth_, depthPieces_); }

  /** Floats of a packed matrix; of one that is read where it lies, only the last panel, which vectors overrun. */
  ptrdiff_t packedMatrix(const Kernels& kernels) const {
    return direct_ ? layout_.panelSize(kernels) : layout_.packedSize(kernels);
  }

  void packRight(const Workspace& workspace) const {
    const Kernels& kernels = workspace.kernels;
    const ptrdiff_t first = direct_ ? panels_ - 1 : 0;
    const ptrdiff_t perMatrix = panels_ - first;
    const ptrdiff_t matrices = oneRight_ ? 1 : batch_;
    // A panel alone is little work.
    const ptrdiff_t perTask = std::max<ptrdiff_t>(1, worthwhile / std::max<ptrdiff_t>(1, layout_.panelSize(kernels)));
    const ptrdiff_t count = matrices * perMatrix;
    workspace.pool.run(pieces(count, perTask), [&](ptrdiff_t task, int) {
      for (ptrdiff_t i = task * perTask; i < std::min(count, (task + 1) * perTask); i++) {
        MatrixLayout layout = layout_;
        layout.offset = oneRight_ ? b_.offset : b_.position(i / perMatrix, batchAxes_);
        const ptrdiff_t panel = first + i % perMatrix;
        float* matrix = workspace.scratch + i / perMatrix * packedMatrix(kernels);
        packPanel(kernels, layout, workspace.buffers[b_.buffer], panel, packScale_,
                  matrix - first * layout_.panelSize(kernels));
      }
    });
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

  void runTask(const Workspace& workspace, ptrdiff_t matrix, ptrdiff_t rowTask, ptrdiff_t panelTask,
               int thread) const {
    const Kernels& kernels = workspace.kernels;
    const ptrdiff_t row = rowTask * rowsPerTask_;
    const ptrdiff_t rows = std::min(rowsPerTask_, rows_ - row);
    PanelProduct part;
    part.aRow = a_.strideFromEnd(2);
    part.aColumn = a_.strideFromEnd(1);
    part.aTile = kernels.tileRows * part.aRow;
    part.rows = rows;
    part.outputRow = columns_;
    const float* a = workspace.buffers[a_.buffer] + a_.position(matrix, batchAxes_) + row * part.aRow;
    float* output = workspace.at(output_) + (matrix * rows_ + row) * columns_;

    Finish finish;
    finish.scale = scale_;
    finish.activation = activation_;
    const float* bias = !bias_.present      ? nullptr
                        : bias_.copyAt >= 0 ? workspace.scratch + bias_.copyAt
                                            : workspace.at(bias_.view);
    const float* residual = residualRow(workspace, matrix, row, finish.residualRow);
    const bool finishes = scale_ != 1.0f || bias != nullptr || residual != nullptr || activation_ != Activation::none;

    const ptrdiff_t firstPanel = panelTask * panelsPerTask_;
    const ptrdiff_t lastPanel = std::min(panels_, firstPanel + panelsPerTask_);
    for (ptrdiff_t piece = 0; piece < depthPieces_; piece++) {
      const ptrdiff_t start = depth_ * piece / depthPieces_;
      part.depth = depth_ * (piece + 1) / depthPieces_ - start;
      part.a = a + start * a_.strideFromEnd(1);
      part.accumulate = piece > 0;
      part.finish = finishes && piece == depthPieces_ - 1 ? &finish : nullptr;
      if (packsLeft_) {
        float* tiles = workspace.scratch + leftAt_ + thread * leftSize();
        kernels.packLeft(part.a, a_.strideFromEnd(2), a_.strideFromEnd(1), rows, part.depth, tiles);
        part.a = tiles;
        part.aColumn = kernels.tileRows;
        part.aTile = kernels.tileRows * part.depth;
      }
      for (ptrdiff_t panel = firstPanel; panel < lastPanel; panel++) {
        const ptrdiff_t column = panel * kernels.panelColumns;
        part.b = panelOf(workspace, matrix, panel, part.bRow) + start * part.bRow;
        part.columns = std::min<ptrdiff_t>(kernels.panelColumns, columns_ - column);
        part.output = output + column;
        finish.bias = bias == nullptr ? nullptr : bias + column;
        finish.residual = residual == nullptr ? nullptr : residual + column;
        // Panels follow each other in packed memory.
        part.next = !direct_ && panel + 1 < panels_ ? part.b + layout_.panelSize(kernels) : nullptr;
        kernels.product(part);
      }
    }
    if (!softmax_) return;
    for (ptrdiff_t i = 0; i < rows; i++) {
      kernels.softmax(output + i * columns_, output + i * columns_, columns_);
    }
  }

  /** A panel of the right matrix and the distance between its rows. */
  const float* panelOf(const Workspace& workspace, ptrdiff_t matrix, ptrdiff_t panel, ptrdiff_t& distance) const {
    const Kernels& kernels = workspace.kernels;
    const bool last = panel == panels_ - 1;
    if (direct_ && !last) {
      const ptrdiff_t start = oneRight_ ? b_.offset : b_.position(matrix, batchAxes_);
      distance = layout_.rowStride;
      return workspace.buffers[b_.buffer] + start + panel * kernels.panelColumns;
    }
    distance = kernels.panelColumns;
    if (pack_ != nullptr) return pack_->panels.data() + panel * layout_.panelSize(kernels);
    const ptrdiff_t number = oneRight_ ? 0 : matrix;
    return workspace.scratch + number * packedMatrix(kernels) + (direct_ ? 0 : panel * layout_.panelSize(kernels));
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
  ptrdiff_t depth_ = 0;
  /** The right matrix as it lies in its buffer. */
  MatrixLayout layout_;
  /** Whether all of the batch share the right matrix. */
  bool oneRight_ = true;
  /** Whether the right matrix is read where it lies. */
  bool direct_ = false;
  /** Whether the left matrix is copied, by each task what it needs. */
  bool packsLeft_ = false;
  /** Where in the shared scratch memory the threads' copies lie, one after the other. */
  ptrdiff_t leftAt_ = 0;
  std::shared_ptr<Constant> constant_;
  Constant::Pack* pack_ = nullptr;
  ptrdiff_t panels_ = 0;
  ptrdiff_t panelsPerTask_ = 0;
  ptrdiff_t panelTasks_ = 0;
  ptrdiff_t rowsPerTask_ = 0;
  ptrdiff_t rowTasks_ = 0;
  ptrdiff_t depthPieces_ = 1;
  ptrdiff_t scratchSize_ = 0;
};

}  // namespace

std::unique_ptr<Operation> makeMatmul(const Step& step, const Kernels& kernels, Pool& pool,
                                      const BoundConstants& constants) {
  return std::make_unique<MatmulOperation>(step, kernels, pool, constants);
}

}  // namespace vitrine
