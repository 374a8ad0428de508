// The matrix product: tiles of rows by vectors of columns whose sums stay in registers.
//
// The left matrix is read where it lies, one number a multiply-add, spread over a register: at the sizes of a vision
// transformer (a depth of 64 to 768) its rows stay in the first cache, so copying it would cost more than it saves. The
// right matrix comes in panels, a tile wide and contiguous. Every sum runs over the depth in ascending order, whatever
// tile its element belongs to: results do not depend on how the work is cut up.

template <int rows, int vectors>
inline void tile(const PanelProduct& part, const float* a, float* output, ptrdiff_t columns) {
  Vec sums[rows][vectors];
  for (auto& row : sums) {
    for (Vec& sum : row) sum = Vec::zero();
  }
  const float* b = part.b;
  const ptrdiff_t aRow = part.aRow;
  const ptrdiff_t aColumn = part.aColumn;
  const ptrdiff_t bRow = part.bRow;
  for (ptrdiff_t k = 0; k < part.depth; k++) {
    Vec right[vectors];
    for (int j = 0; j < vectors; j++) right[j] = Vec::load(b + j * Vec::width);
    for (int i = 0; i < rows; i++) {
      const Vec left = Vec::splat(a[i * aRow]);
      for (int j = 0; j < vectors; j++) sums[i][j] = multiplyAdd(left, right[j], sums[i][j]);
    }
    a += aColumn;
    b += bRow;
  }
  for (int i = 0; i < rows; i++) {
    float* to = output + i * part.outputRow;
    for (int j = 0; j < vectors; j++) {
      const ptrdiff_t at = j * Vec::width;
      const Vec known = part.accumulate ? loadAt(to, at, columns) : Vec::zero();
      storeAt(to, at, columns, part.accumulate ? known + sums[i][j] : sums[i][j]);
    }
  }
}

/** Scale, bias, activation and residual, on sums that were stored a moment ago. */
template <Activation activation>
inline void finishRow(const Finish& finish, ptrdiff_t row, float* output, ptrdiff_t columns) {
  const Vec scale = Vec::splat(finish.scale);
  forEachVector(output, columns, [&](ptrdiff_t i, Vec sum) {
    Vec value = sum * scale;
    if (finish.bias != nullptr) value = value + loadAt(finish.bias, i, columns);
    if (activation == Activation::gelu) value = geluOf(value);
    if (activation == Activation::geluGradient) {
      value = geluGradientOf(loadAt(finish.before + row * finish.beforeRow, i, columns), value);
    }
    if (finish.residual != nullptr) {
      value = value + loadAt(finish.residual + row * finish.residualRow, i, columns);
    }
    storeAt(output, i, columns, value);
  });
}

inline void finishRows(const PanelProduct& part, ptrdiff_t start, ptrdiff_t rows) {
  for (ptrdiff_t row = start; row < start + rows; row++) {
    float* output = part.output + row * part.outputRow;
    switch (part.finish->activation) {
      case Activation::none:
        finishRow<Activation::none>(*part.finish, row, output, part.columns);
        break;
      case Activation::gelu:
        finishRow<Activation::gelu>(*part.finish, row, output, part.columns);
        break;
      case Activation::geluGradient:
        finishRow<Activation::geluGradient>(*part.finish, row, output, part.columns);
        break;
    }
  }
}

/** A tile of as many rows as are left: one function for each number of rows. */
template <int rows, int vectors>
inline void lastTile(const PanelProduct& part, const float* a, float* output, ptrdiff_t left) {
  if (left == rows) {
    tile<rows, vectors>(part, a, output, part.columns);
  } else if constexpr (rows > 1) {
    lastTile<rows - 1, vectors>(part, a, output, left);
  }
}

template <int vectors>
inline void panelOf(const PanelProduct& part) {
  for (ptrdiff_t row = 0; row < part.rows; row += Vec::tileRows) {
    const float* a = part.a + row * part.aRow;
    float* output = part.output + row * part.outputRow;
    const ptrdiff_t left = part.rows - row;
    if (left >= Vec::tileRows) {
      tile<Vec::tileRows, vectors>(part, a, output, part.columns);
    } else {
      lastTile<Vec::tileRows - 1, vectors>(part, a, output, left);
    }
    if (part.finish != nullptr) finishRows(part, row, left < Vec::tileRows ? left : Vec::tileRows);
  }
}

/** Panels whose last vectors hold no wanted column are worked off without them. */
template <int vectors>
inline void narrowest(const PanelProduct& part) {
  if constexpr (vectors > 1) {
    if (part.columns <= (vectors - 1) * Vec::width) {
      narrowest<vectors - 1>(part);
      return;
    }
  }
  panelOf<vectors>(part);
}

void productPanel(const PanelProduct& part) { narrowest<Vec::tileVectors>(part); }

constexpr int panelWidth = Vec::tileVectors * Vec::width;

void packPanel(const float* b, ptrdiff_t bRow, ptrdiff_t bColumn, ptrdiff_t depth, ptrdiff_t columns,
               float* panel) {
  if (bColumn == 1 && columns == panelWidth) {
    for (ptrdiff_t k = 0; k < depth; k++) {
      for (int j = 0; j < panelWidth; j += Vec::width) {
        Vec::load(b + k * bRow + j).store(panel + k * panelWidth + j);
      }
    }
    return;
  }
  // A few rows at a time, so that what is written stays in the first cache while the columns are walked.
  constexpr ptrdiff_t block = 16;
  for (ptrdiff_t start = 0; start < depth; start += block) {
    const ptrdiff_t end = start + block < depth ? start + block : depth;
    for (ptrdiff_t j = 0; j < panelWidth; j++) {
      for (ptrdiff_t k = start; k < end; k++) {
        panel[k * panelWidth + j] = j < columns ? b[k * bRow + j * bColumn] : 0.0f;
      }
    }
  }
}

/** As many independent chains as a tile has, so that it shows what a product could reach at best. */
double multiplyAddLoop(int64_t rounds) {
  Vec sums[Vec::tileRows][Vec::tileVectors];
  for (auto& row : sums) {
    for (Vec& sum : row) sum = Vec::splat(1.0f);
  }
  volatile float factor = 1.0f;  // keeps the loop from being computed beforehand
  const Vec left = Vec::splat(factor);
  const Vec right = Vec::splat(factor - 1.0f);
  for (int64_t round = 0; round < rounds; round++) {
    for (auto& row : sums) {
      for (Vec& sum : row) sum = multiplyAdd(sum, left, right);
    }
  }
  Vec total = Vec::zero();
  for (auto& row : sums) {
    for (Vec& sum : row) total = total + sum;
  }
  volatile float sink = sumOf(total);
  (void)sink;
  return 2.0 * static_cast<double>(rounds) * Vec::tileRows * Vec::tileVectors * Vec::width;
}
