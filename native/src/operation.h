// A step made ready: everything that can be known before the numbers is worked out once, when a program is loaded.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "constants.h"
#include "kernels/kernels.h"
#include "plan.h"
#include "pool.h"

namespace vitrine {

/** What operations run with. */
struct Workspace {
  Pool& pool;
  const Kernels& kernels;
  /** Where each of the plan's buffers lies; null for a constant that is held in packed form only. */
  const std::vector<float*>& buffers;
  /** Memory that an operation may use while it runs: the largest `sharedScratch` of all. */
  float* scratch;
  /** Memory for each thread, `threadScratch` floats apart. */
  float* threadScratch;
  ptrdiff_t threadScratchSize;

  float* scratchOf(int thread) const { return threadScratch + thread * threadScratchSize; }
  float* at(const View& view) const { return buffers[view.buffer] + view.offset; }
};

class Operation {
 public:
  virtual ~Operation() = default;
  /** Once a run, before any operation runs: what constants have become since is made ready to be read. */
  virtual void prepare(const Kernels&, Pool&) const {}
  /** Any number of these may be under way, each in a workspace of its own. */
  virtual void run(const Workspace& workspace) const = 0;
  /** Floats of shared memory that `run` needs. */
  virtual ptrdiff_t sharedScratch() const { return 0; }
  /** Floats of memory that `run` needs for each thread. */
  virtual ptrdiff_t threadScratch() const { return 0; }
};

std::unique_ptr<Operation> makeMap(const Step& step);
std::unique_ptr<Operation> makeReduce(const Step& step);
/** Softmax, layer norm and their gradients. */
std::unique_ptr<Operation> makeRows(const Step& step);
std::unique_ptr<Operation> makeLargestMask(const Step& step);
/** @param constants with the packs that `packedRight` says */
std::unique_ptr<Operation> makeMatmul(const Step& step, const Kernels& kernels, const Pool& pool,
                                      const Constants& constants);
/** The layout in which a step reads its second input if that is a constant, and reads nothing else of it; none for most. */
std::optional<MatrixLayout> packedRight(const Step& step);

/** Elements that are worth handing to another thread. */
constexpr ptrdiff_t worthwhile = 8192;

}  // namespace vitrine
