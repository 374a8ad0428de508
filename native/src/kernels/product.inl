// The matrix product: tiles of rows by vectors of columns whose sums stay in registers.
//
// The left matrix is read where it lies, one number a multiply-add, spread over a register: at the sizes of a vision
// transformer (a depth of 64 to 768) its rows stay in the first cache, so copying it would cost more than it saves. The
// right matrix comes in panels, a tile wide and contiguous. Every sum runs over the depth in ascending order, whatever
// tile its element belongs to: results do not depend on how the work is cut up.

/** A number that the compiler knows. The standard library's would leave its conversion to the linker. */
template <int number>
struct Known {
  constexpr operator int() const { return number; }
};

/**
 * Calls `visit` with each number below `count` as a constant. Arrays that nothing else indexes become registers; loops
 * are unrolled too late for that.
 */
template <int count, typename Visit>
VITRINE_INLINE void unrolled(Visit visit) {
  if constexpr (count > 0) {
    unrolled<count - 1>(visit);
    visit(Known<count - 1>());
  }
}

/** Rows by vectors of sums, row by row. */
template <int rows, int vectors>
struct Tile {
  static constexpr int count = rows * vectors;
  static constexpr ptrdiff_t columns = vectors * Vec::width;

  Vec sums[count];

  /** Calls `visit(sum, row, column)` for each vector. */
  template <typename Visit>
  VITRINE_INLINE void each(Visit visit) {
    unrolled<count>([&](auto i) VITRINE_INLINE_LAMBDA { visit(sums[i], i / vectors, i % vectors * Vec::width); });
  }
};

/**
 * Scale, bias, activation and residual of some rows of sums, from `row` of the part on, which are then stored.
 * @param columns of the part; where the compiler knows them, no vector is asked whether it is whole
 */
template <Activation activation, int rows, int vectors>
VITRINE_INLINE void finishRows(const PanelProduct& part, ptrdiff_t row, ptrdiff_t columns, Tile<rows, vectors> tile) {
  if (part.finish != nullptr) {
    const Finish finish = *part.finish;
    const Vec scale = Vec::splat(finish.scale);
    tile.each([&](Vec& sum, ptrdiff_t, ptrdiff_t) VITRINE_INLINE_LAMBDA { sum = sum * scale; });
    if (finish.bias != nullptr) {
      tile.each([&](Vec& sum, ptrdiff_t, ptrdiff_t j) VITRINE_INLINE_LAMBDA {
        sum = sum + loadAt(finish.bias, j, columns);
      });
    }
    if constexpr (activation == Activation::gelu) {
      tile.each([](Vec& sum, ptrdiff_t, ptrdiff_t) VITRINE_INLINE_LAMBDA { sum = geluOf(sum); });
    }
    if (finish.residual != nullptr) {
      const float* residual = finish.residual + row * finish.residualRow;
      tile.each([&](Vec& sum, ptrdiff_t i, ptrdiff_t j) VITRINE_INLINE_LAMBDA {
        sum = sum + loadAt(residual + i * finish.residualRow, j, columns);
      });
    }
  }
  float* output = part.output + row * part.outputRow;
  const ptrdiff_t outputRow = part.outputRow;
  tile.each([&](Vec& sum, ptrdiff_t i, ptrdiff_t j) VITRINE_INLINE_LAMBDA {
    storeAt(output + i * outputRow, j, columns, sum);
  });
}

/** A loop of its own: an activation's code, once for each vector of each tile, would not fit the instructions' cache. */
template <int vectors>
VITRINE_NOINLINE void finishWithGelu(const PanelProduct& part, ptrdiff_t row, const float* sums, int rows) {
  for (ptrdiff_t i = row; i < row + rows; i++, sums += vectors * Vec::width) {
    Tile<1, vectors> line;
    line.each([&](Vec& sum, ptrdiff_t, ptrdiff_t j) VITRINE_INLINE_LAMBDA { sum = Vec::load(sums + j); });
    finishRows<Activation::gelu>(part, i, part.columns, line);
  }
}

/** Stores sums that are not to be stored as they are, or not whole vectors of them. */
template <int rows, int vectors>
VITRINE_INLINE void finishTile(const PanelProduct& part, ptrdiff_t row, Tile<rows, vectors> tile) {
  static_assert(activationCount == 2, "a tile is finished with gelu or with none; a new activation needs its own way");
  constexpr ptrdiff_t whole = Tile<rows, vectors>::columns;
  if (part.accumulate) {
    const float* output = part.output + row * part.outputRow;
    const ptrdiff_t outputRow = part.outputRow;
    const ptrdiff_t columns = part.columns;
    tile.each([&](Vec& sum, ptrdiff_t i, ptrdiff_t j) VITRINE_INLINE_LAMBDA {
      sum = loadAt(output + i * outputRow, j, columns) + sum;
    });
  }
  if (part.finish != nullptr && part.finish->activation == Activation::gelu) {
    float values[rows * whole];
    tile.each([&](Vec& sum, ptrdiff_t i, ptrdiff_t j) VITRINE_INLINE_LAMBDA { sum.store(values + i * whole + j); });
    finishWithGelu<vectors>(part, row, values, rows);
  } else if (part.columns == whole) {
    finishRows<Activation::none>(part, row, whole, tile);
  } else {
    finishRows<Activation::none>(part, row, part.columns, tile);
  }
}

/**
 * A sum runs over so many products before it joins a total, because a rounding error grows with what was added up before.
 * At a depth of 192 this takes a third off the error of attention, for 4 % of the time.
 */
constexpr ptrdiff_t longestRun = 96;

constexpr int panelWidth = Vec::tileVectors * Vec::width;

/**
 * What the compiler knows of where the operands lie. A whole tile's addresses then take few registers and additions, which
 * would otherwise compete with the multiply-adds: with AVX-512 this is 5 to 10 % of a product.
 */
enum class Operands {
  /** Nothing. */
  anywhere,
  /** The left matrix' rows have their columns side by side, and the panel's rows follow each other. */
  rows,
  /** The left matrix was copied by tiles, and the panel's rows follow each other. */
  tiles,
};

/**
 * The next panel, asked for evenly while this one is multiplied: asked for all at once it would hold up what the tile at hand
 * reads. Weights that no cache holds any more cost a seventh less time for it.
 */
struct Ahead {
  /** What the tile at hand asks for next. */
  const float* at;
  /** Floats for each step along the depth. */
  ptrdiff_t step = 0;
  /** Floats from what one tile asks for to what the next one does. */
  ptrdiff_t perTile = 0;

  explicit Ahead(const PanelProduct& part) : at(part.b) {
    if (part.next == nullptr) return;
    const ptrdiff_t tiles = (part.rows + Vec::tileRows - 1) / Vec::tileRows;
    at = part.next;
    step = (part.bRow + tiles - 1) / tiles;
    perTile = part.depth * part.bRow / tiles;
  }
};

/** The sums of one run of products; moves `a`, `b` and `ahead` behind it. */
template <int rows, int vectors, Operands operands>
VITRINE_INLINE Tile<rows, vectors> sumRun(const PanelProduct& part, const float*& a, const float*& b, Ahead& ahead,
                                          ptrdiff_t length) {
  constexpr bool known = operands != Operands::anywhere;
  const ptrdiff_t aRow = operands == Operands::tiles ? 1 : part.aRow;
  const ptrdiff_t aColumn = operands == Operands::rows ? 1 : operands == Operands::tiles ? Vec::tileRows : part.aColumn;
  const ptrdiff_t bRow = known ? panelWidth : part.bRow;
  Tile<rows, vectors> tile;
  tile.each([](Vec& sum, ptrdiff_t, ptrdiff_t) VITRINE_INLINE_LAMBDA { sum = Vec::zero(); });
  // From two pointers an address mode reaches all rows.
  constexpr int half = (rows + 1) / 2;
  const float* upper = a;
  const float* lower = a + half * aRow;
  const float* right = b;
  const float* next = ahead.at;
  const ptrdiff_t step = ahead.step;
  VITRINE_UNROLL_4
  for (ptrdiff_t k = 0; k < length; k++) {
    VITRINE_PREFETCH_FAR(next);
    next += step;
    Vec columns[vectors];
    unrolled<vectors>([&](auto j) VITRINE_INLINE_LAMBDA { columns[j] = Vec::load(right + j * Vec::width); });
    unrolled<rows>([&](auto i) VITRINE_INLINE_LAMBDA {
      const Vec left = Vec::splat(i < half ? upper[i * aRow] : lower[(i - half) * aRow]);
      unrolled<vectors>([&](auto j) VITRINE_INLINE_LAMBDA {
        Vec& sum = tile.sums[i * vectors + j];
        sum = multiplyAdd(left, columns[j], sum);
      });
    });
    upper += aColumn;
    lower += aColumn;
    right += bRow;
  }
  a = upper;
  b = right;
  ahead.at = next;
  return tile;
}

/** Sums of `rows` rows, from `row` of the part and `a` on, in so many runs of even length: `depth / runs` or one more. */
template <int rows, int vectors, Operands operands>
inline void tileOf(const PanelProduct& part, ptrdiff_t runs, ptrdiff_t row, const float* a, Ahead ahead) {
  using Sums = Tile<rows, vectors>;
  const float* b = part.b;
  // A division takes as long as some products: none where there is one run.
  Sums tile = sumRun<rows, vectors, operands>(part, a, b, ahead, runs == 1 ? part.depth : part.depth / runs);
  for (ptrdiff_t run = 1; run < runs; run++) {
    float totals[rows * Sums::columns];
    tile.each([&](Vec& sum, ptrdiff_t i, ptrdiff_t j) VITRINE_INLINE_LAMBDA {
      sum.store(totals + i * Sums::columns + j);
    });
    tile = sumRun<rows, vectors, operands>(part, a, b, ahead, part.depth * (run + 1) / runs - part.depth * run / runs);
    tile.each([&](Vec& sum, ptrdiff_t i, ptrdiff_t j) VITRINE_INLINE_LAMBDA {
      sum = Vec::load(totals + i * Sums::columns + j) + sum;
    });
  }
  if (part.accumulate || part.finish != nullptr || part.columns != Sums::columns) {
    finishTile(part, row, tile);
    return;
  }
  float* output = part.output + row * part.outputRow;
  const ptrdiff_t outputRow = part.outputRow;
  tile.each([&](Vec& sum, ptrdiff_t i, ptrdiff_t j) VITRINE_INLINE_LAMBDA { sum.store(output + i * outputRow + j); });
}

/**
 * Asks for what is needed when this tile is finished: where its results go, the rows of the tile after it, and the lines in
 * which the next panel's results for these rows end. All of them lie a row's length apart or in
 * another array: the processor does not guess them, and the multiply-adds in between take longer than the memory.
 */
inline void fetchAhead(const PanelProduct& part, ptrdiff_t row, ptrdiff_t end) {
  float* output = part.output + row * part.outputRow;
  for (ptrdiff_t i = 0; i < end - row; i++) VITRINE_PREFETCH(output + i * part.outputRow);
  // Tiles that were packed follow each other, which the processor does guess.
  const ptrdiff_t rowsAfter = part.aRow == 1 ? 0 : part.rows - end < Vec::tileRows ? part.rows - end : Vec::tileRows;
  const float* after = part.a + end * part.aRow;
  for (ptrdiff_t i = 0; i < rowsAfter; i++) VITRINE_PREFETCH(after + i * part.aRow);
  if (part.finish != nullptr && part.finish->residual != nullptr) {
    for (ptrdiff_t i = row; i < end; i++) VITRINE_PREFETCH(part.finish->residual + i * part.finish->residualRow);
  }
  if (part.next == nullptr) return;
  const ptrdiff_t lastOfNext = part.columns + part.nextColumns - 1;
  for (ptrdiff_t i = 0; i < end - row; i++) VITRINE_PREFETCH(output + i * part.outputRow + lastOfNext);
}

/**
 * A tile of `rows` rows or fewer: one function for each number of rows, and for less than half of a tile, of which there is one at
 * most, no more than one.
 */
template <int rows, int vectors, Operands operands>
inline void tileOfSome(const PanelProduct& part, ptrdiff_t runs, ptrdiff_t row, ptrdiff_t count, const float* a,
                       Ahead ahead) {
  if (count == rows) {
    constexpr bool large = 2 * rows >= Vec::tileRows;
    tileOf<rows, vectors, large ? operands : Operands::anywhere>(part, runs, row, a, ahead);
  } else if constexpr (rows > 1) {
    tileOfSome<rows - 1, vectors, operands>(part, runs, row, count, a, ahead);
  }
}

/** Tiles of a left matrix that was copied by them: whole ones but for the last. */
template <int vectors, Operands operands>
inline void panelOfTiles(const PanelProduct& part, ptrdiff_t runs, Ahead ahead) {
  const float* a = part.a;
  for (ptrdiff_t row = 0; row < part.rows; row += Vec::tileRows, a += part.aTile, ahead.at += ahead.perTile) {
    const ptrdiff_t end = row + Vec::tileRows < part.rows ? row + Vec::tileRows : part.rows;
    fetchAhead(part, row, end);
    if (end - row == Vec::tileRows) {
      tileOf<Vec::tileRows, vectors, operands>(part, runs, row, a, ahead);
    } else {
      tileOfSome<Vec::tileRows - 1, vectors, Operands::anywhere>(part, runs, row, end - row, a, ahead);
    }
  }
}

/**
 * Tiles of a left matrix that is read where it lies: of about as many rows each, because a last one of a single row would wait for
 * each of its sums. With 197 rows this is 2 % of a product.
 */
template <int vectors, Operands operands>
inline void panelOfRows(const PanelProduct& part, ptrdiff_t runs, Ahead ahead) {
  const ptrdiff_t tiles = (part.rows + Vec::tileRows - 1) / Vec::tileRows;
  const ptrdiff_t least = part.rows / tiles;
  const ptrdiff_t longer = part.rows % tiles;
  ptrdiff_t row = 0;
  for (ptrdiff_t tile = 0; tile < tiles; tile++, ahead.at += ahead.perTile) {
    const ptrdiff_t count = tile < longer ? least + 1 : least;
    fetchAhead(part, row, row + count);
    tileOfSome<Vec::tileRows, vectors, operands>(part, runs, row, count, part.a + row * part.aRow, ahead);
    row += count;
  }
}

template <int vectors, Operands operands>
inline void panelOf(const PanelProduct& part) {
  if (part.rows == 0) return;
  const ptrdiff_t runs = part.depth <= longestRun ? 1 : (part.depth + longestRun - 1) / longestRun;
  const bool copied = operands == Operands::tiles ||
                      (operands == Operands::anywhere && part.aTile != Vec::tileRows * part.aRow);
  if (copied) {
    panelOfTiles<vectors, operands>(part, runs, Ahead(part));
  } else {
    panelOfRows<vectors, operands>(part, runs, Ahead(part));
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
  const bool follow = part.bRow == panelWidth;
  if (follow && part.aColumn == 1) {
    panelOf<vectors, Operands::rows>(part);
  } else if (follow && part.aRow == 1 && part.aColumn == Vec::tileRows) {
    panelOf<vectors, Operands::tiles>(part);
  } else {
    panelOf<vectors, Operands::anywhere>(part);
  }
}

void productPanel(const PanelProduct& part) { narrowest<Vec::tileVectors>(part); }

/** Rows and columns of what `transposeBlock` turns around. */
constexpr int blockWidth = 4;
static_assert(panelWidth % blockWidth == 0, "a panel is some blocks wide");

/** Packs `Vec::width` columns of a matrix whose columns have their numbers side by side. */
inline void packSquares(const float* b, ptrdiff_t bColumn, ptrdiff_t depth, float scale, float* panel) {
  ptrdiff_t k = 0;
  for (; k + Vec::width <= depth; k += Vec::width) {
    transposeSquare(b + k, bColumn, scale, panel + k * panelWidth, panelWidth);
  }
  for (; k < depth; k++) {
    for (ptrdiff_t i = 0; i < Vec::width; i++) panel[k * panelWidth + i] = scale * b[k + i * bColumn];
  }
}

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
  ptrdiff_t first = 0;
  if (bRow == 1 && depth >= Vec::width) {
    for (; first + Vec::width <= columns; first += Vec::width) {
      packSquares(b + first * bColumn, bColumn, depth, scale, panel + first);
    }
  }
  // A few rows at a time, so that what is written stays in the first cache while the columns are walked.
  constexpr ptrdiff_t strip = 16;
  for (ptrdiff_t start = 0; start < depth; start += strip) {
    const ptrdiff_t end = start + strip < depth ? start + strip : depth;
    for (ptrdiff_t j = first; j < panelWidth; j += blockWidth) {
      ptrdiff_t k = start;
      if (bRow == 1 && j + blockWidth <= columns) {
        for (; k + blockWidth <= end; k += blockWidth) {
          transposeBlock(b + k + j * bColumn, bColumn, scale, panel + k * panelWidth + j, panelWidth);
        }
      }
      for (; k < end; k++) {
        for (ptrdiff_t i = j; i < j + blockWidth; i++) {
          panel[k * panelWidth + i] = i < columns ? scale * b[k * bRow + i * bColumn] : 0.0f;
        }
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
      if (aRow == 1 && row + Vec::tileRows <= rows) {
        for (ptrdiff_t k = start; k < end; k++) {
          const float* column = a + row + k * aColumn;
          // A number of rows that the compiler knows: a few moves.
          for (int i = 0; i < Vec::tileRows; i++) tile[k * Vec::tileRows + i] = column[i];
        }
        continue;
      }
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
