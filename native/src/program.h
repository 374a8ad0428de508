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
        runMemory(memory),
        results(std::make_shared<ResultPool>()) {}

  Pool pool;
  const Kernels& kernels;
  std::shared_ptr<Memory> memory;
  /** Whoever takes of it has the pool's turn. */
  RunMemory runMemory;
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
  /** Where the numbers of an input are put before a run, those of all rounds. */
  float* input(size_t number) const { return inputs_[number].data(); }

  /**
   * Runs all rounds, copies the outputs to where the pointers say, then makes the updates. Programs of one device take
   * turns; the runs of one program must not overlap, because they share its memory.
   * @param milliseconds if not null, the time that each step took is added to what is there
   * @throws std::bad_alloc
   */
  void run(const std::vector<float*>& outputs, double* milliseconds);

 private:
  using Operations = std::vector<std::unique_ptr<Operation>>;

  /** Memory that a round needs for itself: rounds that are under way at a time share nothing that they write to. */
  struct Room {
    std::vector<std::shared_ptr<Floats>> memory;
    /** Where each of the plan's buffers lies. */
    std::vector<float*> buffers;
    Floats scratch;
    Floats threadScratch;
  };

  /** Whether no step has to turn around what it reads. */
  bool isSettled() const;
  /** Before the second run: what the steps go on reading is packed for all of them, by this program or another. */
  void settle();
  void makeOperations();
  Operations operationsFor(const Pool& pool) const;
  /** How many rounds are taken by a thread each; those that are left, by all threads together. */
  ptrdiff_t roundsApart() const;
  std::vector<Room> makeRooms(ptrdiff_t count) const;
  /** One round: its part of the inputs is read where it lies, its part of the outputs copied to where it belongs. */
  void runRound(ptrdiff_t round, const Operations& operations, Pool& pool, Room& room, const std::vector<float*>& outputs,
                double* milliseconds);

  std::shared_ptr<Device> device_;
  Plan plan_;
  Constants constants_;
  /** Of each buffer; those of buffers that are no constants are nobody's business. */
  std::vector<Demand> demands_;
  std::vector<Floats> inputs_;
  /** For each thread that takes rounds of its own, and one at least. */
  std::vector<Room> rooms_;
  /** For all threads together, and for one alone, if rounds are taken so. */
  Operations operations_;
  Operations lone_;
  Pool alone_{1};
  int64_t runs_ = 0;
  /** Whether the operations read packs alone, wherever there are any. */
  bool settled_ = true;
  ptrdiff_t threadScratchSize_ = 0;
};

}  // namespace vitrine
