// The matrix product: tiles of rows by vectors of columns whose sums stay in registers.
//
// The left matrix is read where it lies, one number a multiply-add, spread over a register: at the sizes of a vision
// transformer (a depth of 64 to 768) its rows stay in the first cache, so copying it would cost more than it saves. The
// right matrix comes in panels, a tile wide and contiguous. Every sum runs over the depth in ascending order, whatever
// tile its element belongs to: results do not depend on how the work is cut up.

/** Scale, bias, activation and residual of one vector of sums, at `row` and `column` of the part. */
template <Activation activation>
VITRINE_INLINE Vec finished(const PanelProduct& part, ptrdiff_t row, ptrdiff_t column, Vec value) {
  const Finish& finish = *part.finish;
  value = value * Vec::splat(finish.scale);
  if (finish.bias != nullptr) value = value + loadAt(finish.bias, column, part.columns);
  if (activation == Activation::gelu) value = geluOf(value);
  if (finish.residual != nullptr) {
    value = value + loadAt(finish.residual + row * finish.residualRow, column, part.columns);
  }
  return value;
}

/** A loop of its own: an activation's code, once for each vector of each tile, would not fit the instructions' cache. */
template <int vectors>
VITRINE_NOINLINE void finishWithGelu(const PanelProduct& part, ptrdiff_t row, const float* sums, int rows) {
  for (ptrdiff_t i = row; i < row + rows; i++) {
    for (ptrdiff_t j = 0; j < vectors; j++, sums += Vec::width) {
      storeAt(part.output + i * part.outputRow, j * Vec::width, part.columns,
              finished<Activation::gelu>(part, i, j * Vec::width, Vec::load(sums)));
    }
  }
}

/** Stores sums that are not to be stored as they are, or not whole vectors of them. */
template <int rows, int vectors>
inline void finishTile(const PanelProduct& part, ptrdiff_t row, Vec (&sums)[rows][vectors]) {
  float* output = part.output + row * part.outputRow;
  if (part.accumulate) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < vectors; j++) {
        sums[i][j] = loadAt(output + i * part.outputRow, j * Vec::width, part.columns) + sums[i][j];
      }
    }
  }
  if (part.finish != nullptr && part.finish->activation == Activation::gelu) {
    float values[rows * vectors * Vec::width];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < vectors; j++) sums[i][j].store(values + (i * vectors + j) * Vec::width);
    }
    finishWithGelu<vectors>(part, row, values, rows);
    return;
  }
  for (int i = 0; i < rows; i++) {
    for (int j = 0; j < vectors; j++) {
      const ptrdiff_t column = j * Vec::width;
      const Vec value = part.finish == nullptr
                            ? sums[i][j]
                            : finished<Activation::none>(part, row + i, column, sums[i][j]);
      storeAt(output + i * part.outputRow, column, part.columns, value);
    }
  }
}

/**
 * A sum runs over so many products before it joins a total, because a rounding error grows with what was added up before.
 * At a depth of 192 this takes a third off the error of attention, for 4 % of the time.
 */
constexpr ptrdiff_t longestRun = 96;

/** The sums of one run of products; moves `a` and `b` behind it. */
template <int rows, int vectors>
VITRINE_INLINE void sumRun(const PanelProduct& part, const float*& a, const float*& b, ptrdiff_t length,
                           Vec (&sums)[rows][vectors]) {
  const ptrdiff_t aRow = part.aRow;
  const ptrdiff_t aColumn = part.aColumn;
  const ptrdiff_t bRow = part.bRow;
  for (auto& line : sums) {
    for (Vec& sum : line) sum = Vec::zero();
  }
  VITRINE_UNROLL_4
  for (ptrdiff_t k = 0; k < length; k++) {
    Vec right[vectors];
    for (int j = 0; j < vectors; j++) right[j] = Vec::load(b + j * Vec::width);
    for (int i = 0; i < rows; i++) {
      const Vec left = Vec::splat(a[i * aRow]);
      for (int j = 0; j < vectors; j++) sums[i][j] = multiplyAdd(left, right[j], sums[i][j]);
    }
    a += aColumn;
    b += bRow;
  }
}

/** Sums of `rows` rows, from `row` of the part on. */
template <int rows, int vectors>
inline void tile(const PanelProduct& part, ptrdiff_t row) {
  Vec sums[rows][vectors];
  const float* a = part.a + row / Vec::tileRows * part.aTile;
  const float* b = part.b;
  // Runs of even length: depth / runs or one more.
  const ptrdiff_t runs = part.depth <= longestRun ? 1 : (part.depth + longestRun - 1) / longestRun;
  sumRun(part, a, b, part.depth / runs, sums);
  for (ptrdiff_t run = 1; run < runs; run++) {
    float totals[rows][vectors][Vec::width];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < vectors; j++) sums[i][j].store(totals[i][j]);
    }
    sumRun(part, a, b, part.depth * (run + 1) / runs - part.depth * run / runs, sums);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < vectors; j++) sums[i][j] = Vec::load(totals[i][j]) + sums[i][j];
    }
  }
  if (part.accumulate || part.finish != nullptr || part.columns != vectors * Vec::width) {
    // A copy: clang keeps what is passed by reference in memory, also in the loops above.
    Vec copy[rows][vectors];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < vectors; j++) copy[i][j] = sums[i][j];
    }
    finishTile(part, row, copy);
    return;
  }
  for (int i = 0; i < rows; i++) {
    float* output = part.output + (row + i) * part.outputRow;
    for (int j = 0; j < vectors; j++) sums[i][j].store(output + j * Vec::width);
  }
}

/**
 * Asks for what is needed when this tile is finished, for the rows of the one after it, and for a part of the next panel.
 * All of them lie a row's length apart or in another array: the processor does not guess them, and the multiply-adds in
 * between take longer than the memory.
 */
inline void fetchAhead(const PanelProduct& part, ptrdiff_t row, ptrdiff_t nextPart) {
  constexpr ptrdiff_t line = 16;
  const ptrdiff_t end = row + Vec::tileRows < part.rows ? row + Vec::tileRows : part.rows;
  for (ptrdiff_t i = row; i < end; i++) {
    VITRINE_PREFETCH(part.output + i * part.outputRow);
    VITRINE_PREFETCH(part.a + (i + Vec::tileRows) * part.aRow);
  }
  if (part.finish != nullptr && part.finish->residual != nullptr) {
    for (ptrdiff_t i = row; i < end; i++) VITRINE_PREFETCH(part.finish->residual + i * part.finish->residualRow);
  }
  if (part.next == nullptr) return;
  const float* next = part.next + row * nextPart;
  for (ptrdiff_t at = 0; at < nextPart * Vec::tileRows; at += line) VITRINE_PREFETCH(next + at);
}

/** A tile of as many rows as are left: one function for each number of rows. */
template <int rows, int vectors>
inline void lastTile(const PanelProduct& part, ptrdiff_t row) {
  if (part.rows - row == rows) {
    tile<rows, vectors>(part, row);
  } else if constexpr (rows > 1) {
    lastTile<rows - 1, vectors>(part, row);
  }
}

template <int vectors>
inline void panelOf(const PanelProduct& part) {
  const ptrdiff_t nextPart = part.depth * part.bRow / part.rows;
  ptrdiff_t row = 0;
  for (; row + Vec::tileRows <= part.rows; row += Vec::tileRows) {
    fetchAhead(part, row, nextPart);
    tile<Vec::tileRows, vectors>(part, row);
  }
  if (row < part.rows) lastTile<Vec::tileRows - 1, vectors>(part, row);
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

void packPanel(const float* b, ptrdiff_t bRow, ptrdiff_t bColumn, ptrdiff_t depth, ptrdiff_t columns, float scale,
               float* panel) {
  if (bColumn == 1 && columns == panelWidth) {
    const Vec factor = Vec::splat(scale);
    for (ptrdiff_t k = 0; k < depth; k++) {
      for (int j = 0; j < panelWidth; j += Vec::width) {
        (Vec::load(b + k * bRow + j) * factor).store(panel + k * panelWidth + j);
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
        panel[k * panelWidth + j] = j < columns ? scale * b[k * bRow + j * bColumn] : 0.0f;
      }
    }
  }
}

void packLeft(const float* a, ptrdiff_t aRow, ptrdiff_t aColumn, ptrdiff_t rows, ptrdiff_t depth, float* tiles) {
  // Some columns at a time, of all tiles: what is read together lies together.
  constexpr ptrdiff_t block = 16;
  for (ptrdiff_t start = 0; start < depth; start += block) {
    const ptrdiff_t end = start + block < depth ? start + block : depth;
    for (ptrdiff_t row = 0; row < rows; row += Vec::tileRows) {
      float* tile = tiles + row * depth;
      for (ptrdiff_t k = start; k < end; k++) {
        const float* column = a + row * aRow + k * aColumn;
        for (ptrdiff_t i = 0; i < Vec::tileRows; i++) {
          tile[k * Vec::tileRows + i] = row + i < rows ? column[i * aRow] : 0.0f;
        }
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
  float lanes[Vec::width];
  total.store(lanes);
  volatile float sink = lanes[0];
  (void)sink;
  return 2.0 * static_cast<double>(rounds) * Vec::tileRows * Vec::tileVectors * Vec::width;
}
