// A fixed number of threads that work on numbered tasks together.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace vitrine {

/**
 * Threads that take numbered tasks off a common counter. Which thread does which task is left open, so tasks must not
 * depend on it: each writes its own part of the output, and nothing is summed across tasks.
 *
 * Within a run the tasks of one step follow those of the last by microseconds, so waiting threads look again for a
 * while before they sleep.
 */
class Pool {
 public:
  using Task = std::function<void(ptrdiff_t task, int thread)>;

  /** @param threads at least 1, the caller's own included */
  explicit Pool(int threads);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

  /** Does tasks 0 to `count - 1` and returns when all are done. One caller at a time. */
  void run(ptrdiff_t count, const Task& task);

  /** Held for a whole run of a program, so that the programs of one pool take turns. */
  std::mutex& turn() { return turn_; }

 private:
  void stop();
  void work(int thread);
  void takeTasks(int thread);
  unsigned waitForRound(unsigned last);

  std::vector<std::thread> workers_;
  std::mutex turn_;

  const Task* task_ = nullptr;
  ptrdiff_t count_ = 0;
  std::atomic<ptrdiff_t> next_{0};
  std::atomic<int> busy_{0};
  /** Goes up by one when there is work, and once more at the end. */
  std::atomic<unsigned> round_{0};
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<int> sleeping_{0};
};

}  // namespace vitrine
