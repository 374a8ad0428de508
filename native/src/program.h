// A plan that is ready to run.
#pragma once

#include <memory>
#include <vector>

#include "memory.h"
#include "operation.h"
#include "results.h"

namespace vitrine {

/** What the programs of one backend share. */
struct Device {
  Device(int threads, const Kernels& chosen)
      : pool(threads),
        kernels(chosen),
        memory(std::make_shared<Memory>()),
        results(std::make_shared<ResultPool>()) {}

  Pool pool;
  const Kernels& kernels;
  std::shared_ptr<Memory> memory;
  std::shared_ptr<ResultPool> results;
};

/**
 * Constants get their numbers one after the other, so that those of a large model are never in memory at once as they were
 * given: `give` for each that is `lacking`, then `complete`, then any number of runs.
 */
class Program {
 public:
  /** @param constants some of which may have what its steps read of them from other programs */
  Program(std::shared_ptr<Device> device, Plan plan, Constants constants);

  /** The buffers of the constants that must be given their numbers. */
  std::vector<size_t> lacking() const;
  /** How many numbers the constant of a buffer has; -1 if it has none. */
  ptrdiff_t sizeOf(size_t buffer) const;
  /**
   * Takes of a constant's numbers what the steps read: packs weights, or keeps a copy.
   * @throws std::bad_alloc
   */
  void give(size_t buffer, const float* values);
  /**
   * Makes every step ready and takes memory.
   * @throws std::bad_alloc
   */
  void complete();

  const Plan& plan() const { return plan_; }
  const Device& device() const { return *device_; }
  /** Where the numbers of an input are put before a run. */
  float* input(size_t number) const { return at(plan_.inputs[number]); }

  /**
   * Runs all steps, copies the outputs to where the pointers say, then makes the updates. Programs of one device take
   * turns; the runs of one program must not overlap, because they share its memory.
   * @param milliseconds if not null, receives the time that each step took
   * @throws std::bad_alloc
   */
  void run(const std::vector<float*>& outputs, double* milliseconds);

 private:
  /** Whether no step has to turn around what it reads. */
  bool isSettled() const;
  /** Before the second run: what the steps go on reading is packed for all of them, by this program or another. */
  void settle();
  void makeOperations();
  float* at(const Part& part) const { return buffers_[part.buffer] + part.offset; }

  std::shared_ptr<Device> device_;
  Plan plan_;
  Constants constants_;
  /** Of each buffer; those of buffers that are no constants are nobody's business. */
  std::vector<Demand> demands_;
  std::vector<Floats> memory_;
  std::vector<float*> buffers_;
  std::vector<std::unique_ptr<Operation>> operations_;
  int64_t runs_ = 0;
  /** Whether the operations read packs alone, wherever there are any. */
  bool settled_ = true;
  Floats scratch_;
  Floats threadScratch_;
  ptrdiff_t threadScratchSize_ = 0;
};

}  // namespace vitrine
