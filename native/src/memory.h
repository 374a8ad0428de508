// Memory for numbers, aligned to cache lines and counted.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <numeric>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#if !defined(_WIN32)
#include <sys/mman.h>
#endif

namespace vitrine {

/** Zeros from the system, which go back to it as a whole. They cost nothing before they are touched. */
class Pages {
 public:
  /**
   * What large pages begin at, and have: to fault one in costs little more than one of 4 KB, of which there are 512 in it. On
   * virtual machines those of a small model took as long as explaining a picture with it.
   */
  static constexpr size_t large = 1 << 21;

  /**
   * @param bytes that are left over beyond whole large pages lie in small ones: of another large page they would take all
   * @throws std::bad_alloc
   */
  explicit Pages(size_t bytes) : mapped_(bytes + large) {
#if defined(_WIN32)
    block_ = std::calloc(mapped_, 1);
    if (block_ == nullptr) throw std::bad_alloc();
#else
    block_ = mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block_ == MAP_FAILED) throw std::bad_alloc();
#if defined(MADV_HUGEPAGE)
    // Where there are none, it is as without.
    madvise(data(), bytes / large * large, MADV_HUGEPAGE);
#endif
#endif
  }
  ~Pages() {
#if defined(_WIN32)
    std::free(block_);
#else
    munmap(block_, mapped_);
#endif
  }
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;

  /** Where a large page begins. */
  char* data() const {
    return reinterpret_cast<char*>((reinterpret_cast<uintptr_t>(block_) + large - 1) / large * large);
  }

 private:
  size_t mapped_;
  void* block_;
};

/**
 * Pages that the system is asked for ahead, by a thread of its own: the system clears them, and a virtual machine perhaps has to
 * get them first, while nothing else needs the processor's other cores. Whoever lets go of them waits for a piece at most.
 */
class Foreseen {
 public:
  explicit Foreseen(size_t bytes) : bytes_(bytes), pages_(std::make_shared<Pages>(bytes)) {
#if defined(MADV_POPULATE_WRITE)
    thread_ = std::thread([this] {
      constexpr size_t piece = 4 * Pages::large;
      for (size_t at = 0; at < bytes_ && !over_; at += piece) {
        // A system that cannot will do it when they are touched.
        if (madvise(pages_->data() + at, std::min(piece, bytes_ - at), MADV_POPULATE_WRITE) != 0) return;
      }
    });
#endif
  }
  ~Foreseen() {
    over_ = true;
    if (thread_.joinable()) thread_.join();
  }
  Foreseen(const Foreseen&) = delete;
  Foreseen& operator=(const Foreseen&) = delete;

  /** Part of them; null once they are used up. */
  std::shared_ptr<char> take(size_t size) {
    if (size > bytes_ - used_) return nullptr;
    char* const data = pages_->data() + used_;
    used_ += size;
    return {pages_, data};
  }

 private:
  size_t bytes_;
  size_t used_ = 0;
  std::shared_ptr<Pages> pages_;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

/** What one device holds: arrays of zeros side by side in pages that go when the last array in them does. */
class Memory {
 public:
  /** How much is held now. */
  std::atomic<int64_t> buffers{0};
  std::atomic<int64_t> bytes{0};

  /**
   * Zeros that begin with a cache line, as long as anybody holds what is returned.
   * @param size in bytes, a multiple of those of a cache line
   * @throws std::bad_alloc
   */
  std::shared_ptr<char> take(size_t size) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (foreseen_) {
        if (auto part = foreseen_->take(size)) return part;
      }
    }
    if (size > shared / 4) {
      const auto own = std::make_shared<Pages>(size);
      return {own, own->data()};
    }
    std::lock_guard<std::mutex> lock(mutex_);
    // Nor is what lies where nothing is held any more any use.
    if (!pages_ || pages_.use_count() == 1 || size > shared - used_) {
      pages_ = std::make_shared<Pages>(shared);
      used_ = 0;
    }
    char* const data = pages_->data() + used_;
    used_ += size;
    return {pages_, data};
  }

  /** Has so much ready for the arrays that are taken next, which go together, or as much as there is: it was no promise. */
  void foresee(size_t size) {
    std::unique_ptr<Foreseen> foreseen;
    try {
      foreseen = std::make_unique<Foreseen>(size);
    } catch (const std::bad_alloc&) {
      return;
    } catch (const std::system_error&) {
      return;
    }
    std::lock_guard<std::mutex> lock(mutex_);
    std::swap(foreseen_, foreseen);
  }
  /** Of what was foreseen, what nobody has taken is not asked for any more. */
  void forget() {
    std::unique_ptr<Foreseen> foreseen;
    std::lock_guard<std::mutex> lock(mutex_);
    std::swap(foreseen_, foreseen);
  }

 private:
  static constexpr size_t shared = 8 * Pages::large;

  std::mutex mutex_;
  std::unique_ptr<Foreseen> foreseen_;
  std::shared_ptr<Pages> pages_;
  size_t used_ = 0;
};

/** An array of zeros that gives its memory back and keeps the count right. */
class Floats {
 public:
  Floats() = default;
  /** @throws std::bad_alloc */
  Floats(ptrdiff_t size, std::shared_ptr<Memory> memory) : memory_(std::move(memory)) {
    constexpr size_t line = 64;
    bytes_ = (static_cast<size_t>(size) * sizeof(float) + line) / line * line;
    data_ = memory_->take(bytes_);
    memory_->buffers += 1;
    memory_->bytes += static_cast<int64_t>(bytes_);
  }
  ~Floats() { release(); }
  Floats(Floats&& other) noexcept { *this = std::move(other); }
  Floats& operator=(Floats&& other) noexcept {
    release();
    data_ = std::move(other.data_);
    bytes_ = other.bytes_;
    memory_ = std::move(other.memory_);
    return *this;
  }

  float* data() const { return reinterpret_cast<float*>(data_.get()); }
  /** How many numbers have room. */
  ptrdiff_t size() const { return static_cast<ptrdiff_t>(bytes_ / sizeof(float)); }
  explicit operator bool() const { return data_ != nullptr; }

 private:
  void release() {
    if (!data_) return;
    memory_->buffers -= 1;
    memory_->bytes -= static_cast<int64_t>(bytes_);
    data_.reset();
  }

  std::shared_ptr<char> data_;
  size_t bytes_ = 0;
  std::shared_ptr<Memory> memory_;
};

/**
 * What the programs of one device write to while they run. They take turns, and none looks for what it wrote the last time: so
 * they share it, and a second program takes little more memory than the first.
 */
class RunMemory {
 public:
  explicit RunMemory(std::shared_ptr<Memory> memory) : memory_(std::move(memory)) {}

  /**
   * Arrays side by side, for one program: those of others as far as they are large enough, and new ones. One caller at a time.
   * @param sizes how many numbers each is for
   * @throws std::bad_alloc
   */
  std::vector<std::shared_ptr<Floats>> take(const std::vector<ptrdiff_t>& sizes) {
    std::multimap<ptrdiff_t, std::shared_ptr<Floats>> there;
    for (const std::weak_ptr<Floats>& one : known_) {
      if (const auto array = one.lock()) there.emplace(array->size(), array);
    }
    known_.assign(there.size(), {});
    std::transform(there.begin(), there.end(), known_.begin(), [](const auto& entry) { return entry.second; });
    std::vector<size_t> order(sizes.size());
    std::iota(order.begin(), order.end(), size_t{0});
    // The largest first: each takes what fits it best, and none what a larger one needs.
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return sizes[a] > sizes[b]; });
    std::vector<std::shared_ptr<Floats>> result(sizes.size());
    for (const size_t i : order) {
      const auto fitting = there.lower_bound(sizes[i]);
      if (fitting != there.end()) {
        result[i] = fitting->second;
        there.erase(fitting);
      } else {
        result[i] = std::make_shared<Floats>(sizes[i], memory_);
        known_.push_back(result[i]);
      }
    }
    return result;
  }

 private:
  std::shared_ptr<Memory> memory_;
  /** Those that any program holds, and perhaps some that none does any more. */
  std::vector<std::weak_ptr<Floats>> known_;
};

}  // namespace vitrine
