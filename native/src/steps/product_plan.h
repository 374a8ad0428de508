// How a matrix product is cut into tasks, and which of its matrices are copied, when and by whom.
#pragma once

#include <cstddef>

#include "../kernels/kernels.h"
#include "../plan.h"

namespace vitrine {

/** What a plan depends on. */
struct ProductSize {
  ptrdiff_t batch = 0;
  ptrdiff_t rows = 0;
  ptrdiff_t depth = 0;
  ptrdiff_t columns = 0;
  /** Whether what is read together of the left matrix lies where it pushes each other out of the caches. */
  bool leftCollides = false;
  /** Whether all of the batch share the right matrix. */
  bool oneRight = false;
  /** Whether the right matrix was packed when the program was loaded. */
  bool rightIsPacked = false;
  /** Whether the right matrix has its columns side by side. */
  bool rightIsRowMajor = false;
  /** Whether a row must be finished by the task that began it. */
  bool wholeRows = false;
};

struct ProductPlan {
  /** Where panels of the right matrix are read. */
  enum class Right {
    /** In a constant's pack. */
    constant,
    /** Where the matrix lies, but for the last panel, which vectors would overrun. */
    inPlace,
    /** In a copy of the whole matrix, made before the tasks. */
    before,
    /** In a copy that the only task which needs a panel makes itself, in its thread's memory: it is read from the caches. */
    byTask,
  };
  /** Where tiles of the left matrix are read. */
  enum class Left {
    /** Where the matrix lies. */
    inPlace,
    /** In a copy of the whole matrix, made before the tasks, each of which reads all rows. */
    before,
    /** In a copy of the rows of a task, which it makes itself. */
    byTask,
  };

  Right right = Right::before;
  Left left = Left::inPlace;
  ptrdiff_t panels = 0;
  ptrdiff_t panelsPerTask = 0;
  ptrdiff_t panelTasks = 0;
  /** A multiple of a tile's rows, perhaps more than there are. */
  ptrdiff_t rowsPerTask = 0;
  ptrdiff_t rowTasks = 0;
  /** The depth is summed in so many pieces. */
  ptrdiff_t depthPieces = 0;
  ptrdiff_t depth = 0;

  ProductPlan() = default;
  ProductPlan(const ProductSize& size, const Kernels& kernels, int threads);

  ptrdiff_t tasksPerMatrix() const { return rowTasks * panelTasks; }
  ptrdiff_t pieceStart(ptrdiff_t piece) const { return depth * piece / depthPieces; }
  /** The longest piece. */
  ptrdiff_t pieceDepth() const { return pieces(depth, depthPieces); }

 private:
  void cut(const ProductSize& size, const Kernels& kernels, int threads);
};

}  // namespace vitrine
