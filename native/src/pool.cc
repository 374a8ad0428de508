#include "pool.h"

#include <stdexcept>
#include <string>
#include <system_error>

#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#endif

namespace vitrine {
namespace {

/** How often a waiting thread looks before it sleeps: some fifty microseconds. */
constexpr int looks = 2000;

inline void pause() {
#if defined(__x86_64__) || defined(_M_X64)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

}  // namespace

Pool::Pool(int threads) {
  workers_.reserve(static_cast<size_t>(threads - 1));
  try {
    for (int thread = 1; thread < threads; thread++) {
      workers_.emplace_back([this, thread] { work(thread); });
    }
  } catch (const std::system_error&) {
    const std::string started = std::to_string(this->threads());
    stop();
    throw std::runtime_error("the system refuses more than " + started + " threads");
  }
}

Pool::~Pool() { stop(); }

void Pool::stop() {
  stop_.store(true);
  {
    std::lock_guard<std::mutex> lock(mutex_);
    round_.fetch_add(1);
  }
  wake_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void Pool::run(ptrdiff_t count, const Task& task) {
  if (workers_.empty() || count <= 1) {
    for (ptrdiff_t i = 0; i < count; i++) task(i, 0);
    return;
  }
  task_ = &task;
  count_ = count;
  next_.store(0, std::memory_order_relaxed);
  busy_.store(static_cast<int>(workers_.size()), std::memory_order_relaxed);
  round_.fetch_add(1);
  if (sleeping_.load() > 0) {
    // The lock makes sure that a thread about to sleep has either seen the new round or hears the call.
    { std::lock_guard<std::mutex> lock(mutex_); }
    wake_.notify_all();
  }
  takeTasks(0);
  for (int look = 0; busy_.load(std::memory_order_acquire) > 0; look++) {
    if (look < looks) {
      pause();
    } else {
      std::this_thread::yield();
    }
  }
}

void Pool::takeTasks(int thread) {
  for (;;) {
    const ptrdiff_t task = next_.fetch_add(1, std::memory_order_relaxed);
    if (task >= count_) return;
    (*task_)(task, thread);
  }
}

void Pool::work(int thread) {
  unsigned last = 0;
  for (;;) {
    last = waitForRound(last);
    if (stop_.load()) return;
    takeTasks(thread);
    busy_.fetch_sub(1, std::memory_order_release);
  }
}

unsigned Pool::waitForRound(unsigned last) {
  for (int look = 0; look < looks; look++) {
    const unsigned now = round_.load(std::memory_order_acquire);
    if (now != last) return now;
    pause();
  }
  std::unique_lock<std::mutex> lock(mutex_);
  sleeping_.fetch_add(1);
  wake_.wait(lock, [&] { return round_.load() != last; });
  sleeping_.fetch_sub(1);
  return round_.load();
}

}  // namespace vitrine
