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

Constant::Pack* Constant::pack(const MatrixLayout& layout) const {
  for (const auto& known : packs_) {
    if (known->layout == layout) return known.get();
  }
  return nullptr;
}

bool Constant::meets(const Demand& demand) const {
  if (raw_) return true;
  const auto isThere = [this](const MatrixLayout& layout) { return pack(layout) != nullptr; };
  return !demand.raw && std::all_of(demand.packs.begin(), demand.packs.end(), isThere);
}

void Constant::take(const Kernels& kernels, Pool& pool, const Demand& demand, const float* given) {
  if (demand.raw && !raw_) {
    Floats raw(size_, memory_);
    std::memcpy(raw.data(), given, static_cast<size_t>(size_) * sizeof(float));
    raw_ = std::move(raw);
  }
  for (const MatrixLayout& layout : demand.packs) {
    if (pack(layout) != nullptr) continue;
    auto made = std::make_unique<Pack>(Pack{layout, Floats(layout.packedSize(kernels), memory_)});
    fill(kernels, pool, *made, raw_ ? raw_.data() : given);
    packs_.push_back(std::move(made));
  }
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
