// Weights and other numbers that are known before a program runs, shared by all programs of a device.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "kernels/kernels.h"
#include "memory.h"
#include "pool.h"

namespace vitrine {

/** A right-hand matrix, or a batch of them, in a larger array. */
struct MatrixLayout {
  ptrdiff_t offset = 0;
  ptrdiff_t rowStride = 0;
  ptrdiff_t columnStride = 0;
  ptrdiff_t rows = 0;
  ptrdiff_t columns = 0;

  bool operator==(const MatrixLayout& other) const {
    return offset == other.offset && rowStride == other.rowStride && columnStride == other.columnStride &&
           rows == other.rows && columns == other.columns;
  }
  MatrixLayout transposed() const { return {offset, columnStride, rowStride, columns, rows}; }
  ptrdiff_t panels(const Kernels& kernels) const {
    return (columns + kernels.panelColumns - 1) / kernels.panelColumns;
  }
  /** Floats of one panel. */
  ptrdiff_t panelSize(const Kernels& kernels) const { return rows * kernels.panelColumns; }
  ptrdiff_t packedSize(const Kernels& kernels) const { return panels(kernels) * panelSize(kernels); }
};

/** Copies one panel of a matrix, times `scale`, as `kernels.product` wants it. */
void packPanel(const Kernels& kernels, const MatrixLayout& layout, const float* values, ptrdiff_t panel, float scale,
               float* packed);

/** What the steps of a program read of a constant. */
struct Demand {
  /** The numbers as they are. */
  bool raw = false;
  std::vector<MatrixLayout> packs;
};

/**
 * The numbers as they were given, or in the layouts that products read, or both: a weight that only products read is
 * never held a second time. Nor is one that they read both ways, as the gradients do that go back through a layer, before it
 * is `settled`: until then panels of the transpose are made of the pack that is there, as they are needed. What runs once
 * so spares half of the memory, and more time to take it than this costs.
 */
class Constant {
 public:
  Constant(ptrdiff_t size, std::shared_ptr<Memory> memory) : size_(size), memory_(std::move(memory)) {}

  struct Pack {
    MatrixLayout layout;
    Floats panels;
    unsigned version = 0;
  };

  ptrdiff_t size() const { return size_; }
  /** Null unless it was demanded. */
  float* raw() const { return raw_.data(); }
  /** Null unless it was demanded. It lives as long as the constant. */
  Pack* pack(const MatrixLayout& layout) const;

  /** Whether `take` can meet a demand without being given the numbers. */
  bool meets(const Demand& demand) const;
  /**
   * Makes what is demanded and not there yet, but for packs of which the transpose is there.
   * @param given the numbers the constant was made of; not read if it meets the demand, as it does after updates
   */
  void take(const Kernels& kernels, Pool& pool, const Demand& demand, const float* given);
  /** Whether there is a pack of all that is demanded, and nothing left to settle. */
  bool isSettled(const Demand& demand) const;
  /**
   * Makes the packs, too, of which only the transpose is there.
   * @throws std::bad_alloc
   */
  void settle(const Kernels& kernels, Pool& pool, const Demand& demand);

  /** Takes over new numbers; they were demanded as they are. Packs follow when they are used next. */
  void update(const float* values);
  void refresh(const Kernels& kernels, Pool& pool, Pack& pack) const;

 private:
  Pack* known(const MatrixLayout& layout) const;
  std::unique_ptr<Pack> emptyPack(const Kernels& kernels, const MatrixLayout& layout) const;
  void fill(const Kernels& kernels, Pool& pool, Pack& pack, const float* values) const;

  ptrdiff_t size_;
  std::shared_ptr<Memory> memory_;
  Floats raw_;
  /** Lanes settle when they come to it. */
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Pack>> packs_;
  unsigned version_ = 0;
};

/**
 * Some rows of a panel of a matrix, of which the transpose was packed.
 * @param layout of the matrix
 * @param transpose as it was packed
 */
void turnPanel(const Kernels& kernels, const MatrixLayout& layout, const float* transpose, ptrdiff_t start,
               ptrdiff_t depth, ptrdiff_t panel, float* packed);

/** One for each of a plan's buffers, null for those that are no constants. */
using Constants = std::vector<std::shared_ptr<Constant>>;

}  // namespace vitrine
