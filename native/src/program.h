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
        count(std::make_shared<MemoryCount>()),
        results(std::make_shared<ResultPool>()) {}

  Pool pool;
  const Kernels& kernels;
  std::shared_ptr<MemoryCount> count;
  std::shared_ptr<ResultPool> results;
};

class Program {
 public:
  /**
   * Makes every step ready, packs weights, takes memory.
   * @throws std::bad_alloc
   */
  Program(std::shared_ptr<Device> device, Plan plan, BoundConstants constants);

  const Plan& plan() const { return plan_; }
  const Device& device() const { return *device_; }
  /** Where the numbers of an input are put before a run. */
  float* input(size_t number) const { return at(plan_.inputs[number]); }

  /**
   * Runs all steps, copies the outputs to where the pointers say, then makes the updates. Programs of one device take
   * turns; the runs of one program must not overlap, because they share its memory.
   * @param milliseconds if not null, receives the time that each step took
   */
  void run(const std::vector<float*>& outputs, double* milliseconds) const;

 private:
  float* at(const Part& part) const { return buffers_[part.buffer] + part.offset; }

  std::shared_ptr<Device> device_;
  Plan plan_;
  std::vector<std::shared_ptr<Constant>> constants_;
  std::vector<Floats> memory_;
  std::vector<float*> buffers_;
  std::vector<std::unique_ptr<Operation>> operations_;
  Floats scratch_;
  Floats threadScratch_;
  ptrdiff_t threadScratchSize_ = 0;
};

}  // namespace vitrine
