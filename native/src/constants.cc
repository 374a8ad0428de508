#include "constants.h"

#include <algorithm>
#include <cstring>

namespace vitrine {

void packPanel(const Kernels& kernels, const MatrixLayout& layout, const float* values, ptrdiff_t panel, float scale,
               float* packed) {
  const ptrdiff_t start = panel * kernels.panelColumns;
  const ptrdiff_t columns = std::min<ptrdiff_t>(kernels.panelColumns, layout.columns - start);
  kernels.pack(values + layout.offset + start * layout.columnStride, layout.rowStride, layout.columnStride,
               layout.rows, columns, scale, packed + panel * layout.panelSize(kernels));
}

void Constant::keepRaw(const float* given) {
  if (raw_) return;
  raw_ = Floats(size_, count_);
  std::memcpy(raw_.data(), given, static_cast<size_t>(size_) * sizeof(float));
}

Constant::Pack* Constant::pack(const Kernels& kernels, const MatrixLayout& layout, const float* given) {
  for (Pack& known : packs_) {
    if (known.layout == layout) return &known;
  }
  Floats panels(layout.packedSize(kernels), count_);
  const float* values = raw_ ? raw_.data() : given;
  for (ptrdiff_t panel = 0; panel < layout.panels(kernels); panel++) {
    packPanel(kernels, layout, values, panel, 1.0f, panels.data());
  }
  packs_.push_back({layout, std::move(panels), version_});
  return &packs_.back();
}

void Constant::update(const float* values) {
  std::memcpy(raw_.data(), values, static_cast<size_t>(size_) * sizeof(float));
  version_++;
}

void Constant::refresh(const Kernels& kernels, Pack& pack, Pool& pool) const {
  if (pack.version == version_) return;
  pool.run(pack.layout.panels(kernels), [&](ptrdiff_t panel, int) {
    packPanel(kernels, pack.layout, raw_.data(), panel, 1.0f, pack.panels.data());
  });
  pack.version = version_;
}

}  // namespace vitrine
