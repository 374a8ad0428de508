// Kernels on arrays that end where a page ends, with nothing readable behind: whether they stay within their arrays.
//
// The engine's own buffers are longer than their numbers, so a kernel that overran them a little would not show there.

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "check.h"

namespace vitrine {
namespace check {
namespace {

/** Floats between two pages that may not be touched, up against the one behind or the one before. */
class Fenced {
 public:
  Fenced(ptrdiff_t count, bool atEnd) {
    const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    const size_t bytes = static_cast<size_t>(count) * sizeof(float);
    const size_t inside = (bytes + page - 1) / page * page;
    size_ = inside + 2 * page;
    block_ = static_cast<char*>(mmap(nullptr, size_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (inside > 0) mprotect(block_ + page, inside, PROT_READ | PROT_WRITE);
    data_ = reinterpret_cast<float*>(block_ + page + (atEnd ? inside - bytes : 0));
    for (ptrdiff_t i = 0; i < count; i++) data_[i] = 0.25f + static_cast<float>(i % 7) * 0.5f;
  }
  ~Fenced() { munmap(block_, size_); }
  Fenced(const Fenced&) = delete;
  Fenced& operator=(const Fenced&) = delete;

  float* data() const { return data_; }

 private:
  char* block_;
  size_t size_;
  float* data_;
};

void callRowKernels(const Kernels& kernels, ptrdiff_t count, bool atEnd) {
  const Fenced a(count, atEnd);
  const Fenced b(count, atEnd);
  const Fenced c(count, atEnd);
  const Fenced output(count, atEnd);
  const Fenced rows(count > 0 ? 2 * (count + 3) + count : 0, atEnd);
  const Fenced one(1, atEnd);
  const Fenced three(3, atEnd);
  for (int function = 0; function < functionCount; function++) {
    for (int spread = 0; spread < 8; spread++) {
      // Bit by bit: whether an operand is one number or an array.
      MapRows row;
      for (int i = 0; i < 3; i++) row.steps[i] = spread >> i & 1 ? 0 : 1;
      const int* steps = row.steps;
      const float* operands[3] = {steps[0] ? a.data() : one.data(), steps[1] ? b.data() : one.data(),
                                  steps[2] ? c.data() : one.data()};
      kernels.map[function](operands, row, output.data(), count);
      // And of rows: the first operand's lie apart, the others are read again for each.
      if (steps[0] == 0) continue;
      operands[0] = rows.data();
      row.rows = count > 0 ? 3 : 0;
      row.operandRows[0] = count + 3;
      kernels.map[function](operands, row, output.data(), count);
    }
  }
  for (int i = 0; i < reductionCount; i++) {
    const auto reduction = static_cast<Reduction>(i);
    for (int j = 0; j < madeCount; j++) {
      const auto made = static_cast<Made>(j);
      const ptrdiff_t distances[] = {count + 3, 0};
      kernels.reduce(reduction, {made, a.data(), b.data()}, distances, 1, count, one.data());
      kernels.reduce(reduction, {made, rows.data(), b.data()}, distances, count > 0 ? 3 : 0, count, three.data());
      if (reduction == Reduction::mean) continue;
      kernels.accumulate(reduction, output.data(), {made, rows.data(), b.data()}, distances, 3, count);
    }
  }
  kernels.softmax(a.data(), output.data(), count);
  kernels.layerNorm(a.data(), b.data(), c.data(), 1e-5f, output.data(), count);
  kernels.softmaxGradient(a.data(), b.data(), output.data(), count);
  kernels.layerNormGradient(a.data(), b.data(), c.data(), nullptr, 1e-5f, output.data(), count);
  kernels.layerNormGradient(a.data(), b.data(), c.data(), a.data(), 1e-5f, output.data(), count);
}

void callProduct(const Kernels& kernels, Random& random, bool atEnd) {
  const ptrdiff_t panel = kernels.panelColumns;
  const ptrdiff_t depth = random.between(0, 20);
  const ptrdiff_t rows = random.between(1, 2 * kernels.tileRows + 1);
  const ptrdiff_t columns = random.between(1, panel);
  const Fenced right(depth > 0 ? (depth - 1) * (columns + 2) + columns : 0, atEnd);
  const Fenced packed(depth * panel, atEnd);
  const Fenced turned(depth > 0 ? (columns - 1) * (depth + 1) + depth : 0, atEnd);
  kernels.pack(turned.data(), 1, depth + 1, depth, columns, 0.5f, packed.data());
  kernels.pack(right.data(), columns + 2, 1, depth, columns, 0.5f, packed.data());
  const Fenced left(rows * depth, atEnd);
  const Fenced output(rows * columns, atEnd);
  const Fenced bias(columns, atEnd);
  const Fenced residual(rows * columns, atEnd);
  Finish finish;
  finish.bias = random.chance(0.5) ? bias.data() : nullptr;
  finish.residual = random.chance(0.5) ? residual.data() : nullptr;
  finish.residualRow = columns;
  finish.activation = random.chance(0.5) ? Activation::gelu : Activation::none;
  PanelProduct part;
  part.a = left.data();
  const bool transposed = random.chance(0.5);
  part.aRow = transposed ? 1 : depth;
  part.aColumn = transposed ? rows : 1;
  part.aTile = kernels.tileRows * part.aRow;
  const ptrdiff_t tiles = (rows + kernels.tileRows - 1) / kernels.tileRows;
  const Fenced packedLeft(tiles * kernels.tileRows * depth, atEnd);
  if (random.chance(0.5)) {
    kernels.packLeft(left.data(), part.aRow, part.aColumn, rows, depth, packedLeft.data());
    part.a = packedLeft.data();
    part.aRow = 1;
    part.aColumn = kernels.tileRows;
    part.aTile = kernels.tileRows * depth;
  }
  part.rows = rows;
  part.depth = depth;
  part.b = packed.data();
  part.bRow = panel;
  part.columns = columns;
  part.output = output.data();
  part.outputRow = columns;
  part.accumulate = random.chance(0.5);
  part.finish = random.chance(0.7) ? &finish : nullptr;
  part.next = random.chance(0.5) ? packed.data() + depth * panel : nullptr;
  part.nextColumns = panel;
  kernels.product(part);
}

}  // namespace

void checkFences(const Options& options) {
  Random random(options.seed + 8);
  Group group("fences", options);
  for (size_t i = 0; i < options.setups.size(); i++) {
    const Kernels& kernels = *options.setups[i].kernels;
    for (const bool atEnd : {true, false}) {
      for (ptrdiff_t count = 1; count <= 70; count++) {
        callRowKernels(kernels, count, atEnd);
        group.tally(i).require(true, "");
      }
      for (int j = 0; j < options.cases(1000); j++) {
        callProduct(kernels, random, atEnd);
        group.tally(i).require(true, "");
      }
    }
  }
}

}  // namespace check
}  // namespace vitrine
