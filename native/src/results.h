// Memory for the outputs of runs. JavaScript's collector gives it back at some later time, on some thread.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <list>
#include <memory>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

namespace vitrine {

/**
 * Blocks that are handed out again after the arrays on them were collected. Without it every run would take its outputs
 * from fresh pages: for a forward pass with all attentions, a tenth of its time goes into faulting them in.
 */
class ResultPool : public std::enable_shared_from_this<ResultPool> {
 public:
  ~ResultPool() {
    for (const Block& block : free_) std::free(block.data);
  }

  /** A block and the way back to its pool. */
  struct Block {
    void* data;
    size_t bytes;
  };

  /** @throws std::bad_alloc */
  Block take(size_t bytes) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      for (auto block = free_.begin(); block != free_.end(); ++block) {
        if (block->bytes != bytes) continue;
        const Block found = *block;
        free_.erase(block);
        freeBytes_ -= bytes;
        return found;
      }
    }
    void* data = std::malloc(bytes > 0 ? bytes : 1);
    if (data == nullptr) throw std::bad_alloc();
    return {data, bytes};
  }

  void giveBack(Block block) {
    std::lock_guard<std::mutex> lock(mutex_);
    free_.push_back(block);
    freeBytes_ += block.bytes;
    while (freeBytes_ > mostFree) {
      freeBytes_ -= free_.front().bytes;
      std::free(free_.front().data);
      free_.pop_front();
    }
  }

 private:
  /** The collector comes in bursts of many runs. */
  static constexpr size_t mostFree = size_t{64} << 20;

  std::mutex mutex_;
  /** Oldest first. */
  std::list<Block> free_;
  size_t freeBytes_ = 0;
};

/** The blocks of one run, which go back to their pool unless somebody has taken them over. */
class ResultBlocks {
 public:
  explicit ResultBlocks(std::shared_ptr<ResultPool> pool) : pool_(std::move(pool)) {}
  ~ResultBlocks() {
    for (const ResultPool::Block& block : blocks_) pool_->giveBack(block);
  }
  ResultBlocks(const ResultBlocks&) = delete;
  ResultBlocks& operator=(const ResultBlocks&) = delete;

  void add(size_t bytes) { blocks_.push_back(pool_->take(bytes)); }
  const std::vector<ResultPool::Block>& all() const { return blocks_; }
  std::vector<ResultPool::Block> release() { return std::exchange(blocks_, {}); }
  const std::shared_ptr<ResultPool>& pool() const { return pool_; }

 private:
  std::shared_ptr<ResultPool> pool_;
  std::vector<ResultPool::Block> blocks_;
};

}  // namespace vitrine
