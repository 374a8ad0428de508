#include <cstring>

#include "../operation.h"
#include "../walk.h"

namespace vitrine {
namespace {

/** A whole number that sorts as the float does; -0 equals 0, and what is not a number comes last. */
inline uint32_t rankOf(float x) {
  if (x != x) return UINT32_MAX;
  x += 0.0f;  // -0 becomes 0
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits >> 31 ? ~bits : bits | 0x80000000u;
}

/** The value that has `below` smaller or equal ones before it in order, found digit by digit by counting. */
uint32_t selectRank(const uint32_t* ranks, ptrdiff_t count, ptrdiff_t below) {
  constexpr int digits[] = {21, 10, 0};
  constexpr int widths[] = {11, 11, 10};
  uint32_t prefix = 0;
  uint32_t prefixMask = 0;
  for (int digit = 0; digit < 3; digit++) {
    ptrdiff_t counts[1 << 11] = {};
    const uint32_t mask = (1u << widths[digit]) - 1u;
    for (ptrdiff_t i = 0; i < count; i++) {
      if ((ranks[i] & prefixMask) == prefix) counts[(ranks[i] >> digits[digit]) & mask]++;
    }
    uint32_t value = 0;
    while (below >= counts[value]) below -= counts[value++];
    prefix |= value << digits[digit];
    prefixMask |= mask << digits[digit];
  }
  return prefix;
}

/** 0 at the smallest elements of each row, 1 at the others. */
class LargestMaskOperation : public Operation {
 public:
  explicit LargestMaskOperation(const Step& step)
      : discarded_(step.discarded), input_(step.inputs[0]), output_(step.output) {
    columns_ = output_.extentFromEnd(1);
    rows_ = output_.size(0, output_.rank() - 1);
  }

  ptrdiff_t threadScratch() const override { return columns_; }

  void run(const Workspace& workspace) const override {
    workspace.pool.run(rows_, [&](ptrdiff_t row, int thread) {
      const float* input = workspace.buffers[input_.buffer] + input_.position(row, input_.rank() - 1);
      auto* ranks = reinterpret_cast<uint32_t*>(workspace.scratchOf(thread));
      maskRow(input, workspace.at(output_) + row * columns_, ranks);
    });
  }

 private:
  void maskRow(const float* input, float* output, uint32_t* ranks) const {
    std::fill(output, output + columns_, 1.0f);
    if (discarded_ == 0) return;
    const ptrdiff_t stride = input_.strideFromEnd(1);
    for (ptrdiff_t i = 0; i < columns_; i++) ranks[i] = rankOf(input[i * stride]);
    const uint32_t limit = selectRank(ranks, columns_, discarded_ - 1);
    ptrdiff_t remaining = discarded_;
    for (ptrdiff_t i = 0; i < columns_; i++) remaining -= ranks[i] < limit ? 1 : 0;
    for (ptrdiff_t i = 0; i < columns_; i++) {
      if (ranks[i] < limit || (ranks[i] == limit && remaining-- > 0)) output[i] = 0.0f;
    }
  }

  ptrdiff_t discarded_;
  View input_;
  View output_;
  ptrdiff_t columns_ = 0;
  ptrdiff_t rows_ = 0;
};

}  // namespace

std::unique_ptr<Operation> makeLargestMask(const Step& step) {
  return std::make_unique<LargestMaskOperation>(step);
}

}  // namespace vitrine
