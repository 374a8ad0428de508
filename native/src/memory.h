// Memory for numbers, aligned to cache lines and counted.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <utility>

#if !defined(_WIN32)
#include <sys/mman.h>
#endif

namespace vitrine {

/** How much one device holds now. */
struct MemoryCount {
  std::atomic<int64_t> buffers{0};
  std::atomic<int64_t> bytes{0};
};

/**
 * An array of zeros that gives its memory back and keeps the count right. A large one has pages of its own where the system knows
 * them: the allocator would keep those of a program that is gone, for each thread that ever made one.
 */
class Floats {
 public:
  Floats() = default;
  /** @throws std::bad_alloc */
  Floats(ptrdiff_t size, std::shared_ptr<MemoryCount> count) : count_(std::move(count)) {
    constexpr size_t line = 64;
    bytes_ = static_cast<size_t>(size) * sizeof(float) + 2 * line;
    block_ = newBlock(bytes_);
    if (!block_) throw std::bad_alloc();
    const auto address = reinterpret_cast<uintptr_t>(block_.get());
    data_ = reinterpret_cast<float*>((address + line - 1) / line * line);
    count_->buffers += 1;
    count_->bytes += static_cast<int64_t>(bytes_);
  }
  ~Floats() { release(); }
  Floats(Floats&& other) noexcept { *this = std::move(other); }
  Floats& operator=(Floats&& other) noexcept {
    release();
    block_ = std::move(other.block_);
    data_ = std::exchange(other.data_, nullptr);
    bytes_ = other.bytes_;
    count_ = std::move(other.count_);
    return *this;
  }

  float* data() const { return data_; }
  explicit operator bool() const { return data_ != nullptr; }

 private:
  struct Free {
    Free() : Free(0) {}
    /** @param own bytes of pages of its own; 0 for what the allocator gave */
    explicit Free(size_t own) : pages(own) {}
    void operator()(void* block) const {
#if !defined(_WIN32)
      if (pages > 0) {
        munmap(block, pages);
        return;
      }
#endif
      std::free(block);
    }
    size_t pages;
  };
  using Block = std::unique_ptr<void, Free>;

  static Block newBlock(size_t bytes) {
#if !defined(_WIN32)
    constexpr size_t large = 1 << 18;
    if (bytes >= large) {
      void* pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (pages == MAP_FAILED) return Block();
      populate(pages, bytes);
      return Block(pages, Free(bytes));
    }
#endif
    return Block(std::calloc(bytes, 1));
  }

#if !defined(_WIN32)
  /** All pages at once, since all will be written: to fault them in one by one costs ten times as much, more on virtual machines. */
  static void populate([[maybe_unused]] void* pages, [[maybe_unused]] size_t bytes) {
#if defined(MADV_POPULATE_WRITE)
    // A kernel that does not know it leaves them to be faulted in.
    madvise(pages, bytes, MADV_POPULATE_WRITE);
#endif
  }
#endif

  void release() {
    if (!block_) return;
    count_->buffers -= 1;
    count_->bytes -= static_cast<int64_t>(bytes_);
    block_.reset();
  }

  Block block_;
  float* data_ = nullptr;
  size_t bytes_ = 0;
  std::shared_ptr<MemoryCount> count_;
};

}  // namespace vitrine
