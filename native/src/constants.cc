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

void Constant::keepRaw(const float* given) {
  if (raw_) return;
  raw_ = Floats(size_, count_);
  std::memcpy(raw_.data(), given, static_cast<size_t>(size_) * sizeof(float));
}

Constant::Pack* Constant::pack(const Kernels& kernels, Pool& pool, const MatrixLayout& layout, const float* given) {
  for (Pack& known : packs_) {
    if (known.layout == layout) return &known;
  }
  packs_.push_back({layout, Floats(layout.packedSize(kernels), count_), version_});
  fill(kernels, pool, packs_.back(), raw_ ? raw_.data() : given);
  return &packs_.back();
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
