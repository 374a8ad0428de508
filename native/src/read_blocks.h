// Memory that JavaScript fills, with what it reads from a file or makes for one, to be used once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "memory.h"

namespace vitrine {

/**
 * Pages that are handed out again, as they were left, while others are still in use: a model's weights pass through a few of them,
 * and to have the system clear new ones for each tensor takes longer than to read it.
 */
class ReadBlocks {
 public:
  struct Block {
    std::unique_ptr<Pages> pages;
    size_t bytes = 0;
  };

  /** @throws std::bad_alloc */
  Block take(size_t bytes) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      const auto better = [bytes](const Block& a, const Block& b) {
        return (a.bytes < bytes) != (b.bytes < bytes) ? b.bytes < bytes : a.bytes < b.bytes;
      };
      const auto found = std::min_element(free_.begin(), free_.end(), better);
      if (found != free_.end() && found->bytes >= bytes) {
        Block block = std::move(*found);
        free_.erase(found);
        used_++;
        return block;
      }
    }
    Block block{std::make_unique<Pages>(bytes), bytes};
    std::lock_guard<std::mutex> lock(mutex_);
    used_++;
    return block;
  }

  void giveBack(Block block) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (--used_ == 0) {
      free_.clear();
      return;
    }
    free_.push_back(std::move(block));
    if (free_.size() > most) free_.erase(free_.begin());
  }

 private:
  /** As many as are read ahead. */
  static constexpr size_t most = 3;

  std::mutex mutex_;
  size_t used_ = 0;
  /** Oldest first. */
  std::vector<Block> free_;
};

}  // namespace vitrine
