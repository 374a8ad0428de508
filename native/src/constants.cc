#include "constants.h"

#include <algorithm>
#include <cstring>

namespace vitrine {

void packPanel(const Kernels& kernels, const MatrixLayout& layout, const float* values, ptrdiff_t panel, float scale,
               float* packed) {
  const ptrdiff_t start = panel * kernels.panelColumns;
  const ptrdiff_t columns = std::min<ptrdiff_t>(kernels.panelColumns, layout.columns - start);
  kernels.pack(values + layout.offset + start * layout.columnStride, layout.rowStride, layout.columnStride,
               layout.rows, columns, scale, packed);
}

void turnPanel(const Kernels& kernels, const MatrixLayout& layout, const float* transpose, ptrdiff_t start,
               ptrdiff_t depth, ptrdiff_t panel, float* packed) {
  const ptrdiff_t width = kernels.panelColumns;
  const ptrdiff_t first = panel * width;
  const ptrdiff_t columns = std::min(width, layout.columns - first);
  const ptrdiff_t panelSize = layout.transposed().panelSize(kernels);
  // A panel of the transpose holds as many rows of this one, each in a column.
  for (ptrdiff_t row = start; row < start + depth;) {
    const ptrdiff_t rows = std::min(width - row % width, start + depth - row);
    const float* square = transpose + row / width * panelSize + first * width + row % width;
    kernels.pack(square, 1, width, rows, columns, 1.0f, packed + (row - start) * width);
    row += rows;
  }
}

Constant::Pack* Constant::known(const MatrixLayout& layout) const {
  for (const auto& pack : packs_) {
    if (pack->layout == layout) return pack.get();
  }
  return nullptr;
}

Constant::Pack* Constant::pack(const MatrixLayout& layout) const {
  std::lock_guard<std::mutex> lock(mutex_);
  return known(layout);
}

bool Constant::meets(const Demand& demand) const {
  std::lock_guard<std::mutex> lock(mutex_);
  if (raw_) return true;
  const auto isThere = [this](const MatrixLayout& layout) {
    return known(layout) != nullptr || known(layout.transposed()) != nullptr;
  };
  return !demand.raw && std::all_of(demand.packs.begin(), demand.packs.end(), isThere);
}

void Constant::take(const Kernels& kernels, Pool& pool, const Demand& demand, const float* given) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (demand.raw && !raw_) {
    Floats raw(size_, memory_);
    std::memcpy(raw.data(), given, static_cast<size_t>(size_) * sizeof(float));
    raw_ = std::move(raw);
  }
  for (const MatrixLayout& layout : demand.packs) {
    if (known(layout) != nullptr || known(layout.transposed()) != nullptr) continue;
    auto made = emptyPack(kernels, layout);
    fill(kernels, pool, *made, raw_ ? raw_.data() : given);
    packs_.push_back(std::move(made));
  }
}

bool Constant::isSettled(const Demand& demand) const {
  std::lock_guard<std::mutex> lock(mutex_);
  return std::all_of(demand.packs.begin(), demand.packs.end(),
                     [this](const MatrixLayout& layout) { return known(layout) != nullptr; });
}

void Constant::settle(const Kernels& kernels, Pool& pool, const Demand& demand) {
  std::lock_guard<std::mutex> lock(mutex_);
  for (const MatrixLayout& layout : demand.packs) {
    if (known(layout) != nullptr) continue;
    Pack& transpose = *known(layout.transposed());
    refresh(kernels, pool, transpose);
    auto made = emptyPack(kernels, layout);
    pool.run(layout.panels(kernels), [&](ptrdiff_t panel, int) {
      turnPanel(kernels, layout, transpose.panels.data(), 0, layout.rows, panel,
                made->panels.data() + panel * layout.panelSize(kernels));
    });
    made->version = version_;
    packs_.push_back(std::move(made));
  }
}

std::unique_ptr<Constant::Pack> Constant::emptyPack(const Kernels& kernels, const MatrixLayout& layout) const {
  return std::make_unique<Pack>(Pack{layout, Floats(layout.packedSize(kernels), memory_)});
}

void Constant::fill(const Kernels& kernels, Pool& pool, Pack& pack, const float* values) const {
  pool.run(pack.layout.panels(kernels), [&](ptrdiff_t panel, int) {
    packPanel(kernels, pack.layout, values, panel, 1.0f, pack.panels.data() + panel * pack.layout.panelSize(kernels));
  });
  pack.version = version_;
}

void Constant::update(const float* values) {
  std::memcpy(raw_.data(), values, static_cast<size_t>(size_) * sizeof(float));
  version_++;
}

void Constant::refresh(const Kernels& kernels, Pool& pool, Pack& pack) const {
  if (pack.version != version_) fill(kernels, pool, pack, raw_.data());
}

}  // namespace vitrine
