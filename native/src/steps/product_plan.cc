#include "product_plan.h"

#include <algorithm>

namespace vitrine {
namespace {

/**
 * The longest piece of the depth that is summed at once: a tile of it fits the first cache, its panel the second. Less means more
 * rounds over the results: at 320, products of a depth of 768 take a tenth longer.
 */
constexpr ptrdiff_t longestPiece = 768;
/**
 * Floats of the left matrix that are read again for each panel: 64 KB, in the second cache beside the results.
 */
constexpr ptrdiff_t leftInCache = 16384;
/** The same for a left matrix that was copied, which cost something. */
constexpr ptrdiff_t copiedLeftInCache = 65536;
/** Floats of panels that a task copies for itself: they share the second cache with the left matrix. */
constexpr ptrdiff_t rightInCache = 40960;
/** With fewer rows than this, copying the right matrix into panels costs more than it saves. */
constexpr ptrdiff_t rowsWorthPacking = 8;
/** Depth from which a left matrix that would push itself out of the caches is copied. */
constexpr ptrdiff_t depthWorthPacking = 512;
/** Multiply-adds that are worth handing to another thread: some microseconds. */
constexpr ptrdiff_t worthwhileProduct = 1 << 18;
/** So many tasks for each thread, where each copies something first. */
constexpr ptrdiff_t tasksPerThread = 4;
/** And where it does not. */
constexpr ptrdiff_t smallTasksPerThread = 16;

ptrdiff_t atLeastOne(ptrdiff_t value) { return std::max<ptrdiff_t>(1, value); }

}  // namespace

ProductPlan::ProductPlan(const ProductSize& size, const Kernels& kernels, int threads) : depth(size.depth) {
  panels = pieces(size.columns, kernels.panelColumns);
  depthPieces = atLeastOne(pieces(depth, longestPiece));
  if (size.rightIsPacked) {
    right = Right::constant;
  } else if (size.rows < rowsWorthPacking && size.rightIsRowMajor) {
    right = Right::inPlace;
  }
  const ptrdiff_t floatsOfRows = roundedUp(size.rows, kernels.tileRows) * pieceDepth();
  const bool serves = size.columns > 2 * kernels.panelColumns;
  if (size.leftCollides && depth >= depthWorthPacking && serves && !size.wholeRows) {
    left = floatsOfRows <= copiedLeftInCache ? Left::before : Left::byTask;
  }
  cut(size, kernels, threads);
  rowsPerTask = roundedUp(rowsPerTask, kernels.tileRows);
  rowTasks = pieces(size.rows, rowsPerTask);
  panelTasks = pieces(panels, panelsPerTask);
  const bool onceEach = rowTasks == 1 && (size.batch == 1 || !size.oneRight);
  const ptrdiff_t floatsOfPanels = panelsPerTask * kernels.panelColumns * pieceDepth();
  if (right == Right::before && onceEach && floatsOfPanels <= rightInCache) right = Right::byTask;
}

void ProductPlan::cut(const ProductSize& size, const Kernels& kernels, int threads) {
  const ptrdiff_t rows = size.rows;
  const ptrdiff_t perRow = atLeastOne(depth * size.columns);
  if (size.wholeRows) {
    panelsPerTask = panels;
    rowsPerTask = std::max<ptrdiff_t>(8, worthwhileProduct / perRow);
    return;
  }
  if (left == Left::before) {
    // Few rows, all in the caches: the panels are handed out.
    panelsPerTask = pieces(panels * size.batch, tasksPerThread * threads);
    if (right == Right::before) {
      panelsPerTask = std::min(panelsPerTask, atLeastOne(rightInCache / (kernels.panelColumns * pieceDepth())));
    }
    rowsPerTask = rows;
    return;
  }
  if (left == Left::byTask) {
    // What was copied serves all panels.
    panelsPerTask = panels;
    rowsPerTask = std::min(copiedLeftInCache / pieceDepth(), pieces(rows * size.batch, tasksPerThread * threads));
    return;
  }
  const ptrdiff_t mostRows = std::max<ptrdiff_t>(4 * kernels.tileRows, leftInCache / atLeastOne(depth));
  const ptrdiff_t blocks = pieces(rows, mostRows);
  rowsPerTask = pieces(rows, blocks);
  // One thread waits for nobody. Of several none may wait long for the last, but a task should be worth its while.
  const ptrdiff_t work = size.batch * rows * perRow / worthwhileProduct;
  // Where panels are tasks enough, each copies those that it alone needs, and nobody waits until all are copied.
  const ptrdiff_t few = tasksPerThread * threads;
  const bool copies = right == Right::before && !size.oneRight && blocks == 1 && size.batch * panels >= few;
  const ptrdiff_t wanted = threads == 1 ? 1 : std::min(copies ? few : smallTasksPerThread * threads, work);
  panelsPerTask = atLeastOne(panels / atLeastOne(pieces(wanted, size.batch * blocks)));
  const ptrdiff_t tasks = size.batch * blocks * pieces(panels, panelsPerTask);
  if (tasks < wanted) rowsPerTask = pieces(rowsPerTask, pieces(wanted, tasks));
}

}  // namespace vitrine
