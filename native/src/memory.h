// Memory for numbers, aligned to cache lines and counted.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <utility>

namespace vitrine {

/** How much one device holds now. */
struct MemoryCount {
  std::atomic<int64_t> buffers{0};
  std::atomic<int64_t> bytes{0};
};

/** An array of zeros that gives its memory back and keeps the count right. Pages cost nothing before they are touched. */
class Floats {
 public:
  Floats() = default;
  /** @throws std::bad_alloc */
  Floats(ptrdiff_t size, std::shared_ptr<MemoryCount> count) : count_(std::move(count)) {
    constexpr size_t line = 64;
    bytes_ = static_cast<size_t>(size) * sizeof(float) + 2 * line;
    block_.reset(std::calloc(bytes_, 1));
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
    void operator()(void* block) const { std::free(block); }
  };

  void release() {
    if (!block_) return;
    count_->buffers -= 1;
    count_->bytes -= static_cast<int64_t>(bytes_);
    block_.reset();
  }

  std::unique_ptr<void, Free> block_;
  float* data_ = nullptr;
  size_t bytes_ = 0;
  std::shared_ptr<MemoryCount> count_;
};

}  // namespace vitrine
