// For processors with AVX2 or AVX-512; inside the namespace of each, behind its `interleave` functions.

/** Four rows, turned around within each four of their columns: the l-th four of quarter j hold the rows' column `4 l + j`. */
inline void turnFours(const float* from, ptrdiff_t fromRow, Vec quarters[4]) {
  const Vec row0 = Vec::load(from);
  const Vec row1 = Vec::load(from + fromRow);
  const Vec row2 = Vec::load(from + 2 * fromRow);
  const Vec row3 = Vec::load(from + 3 * fromRow);
  const Vec low01 = interleaveLow(row0, row1);
  const Vec high01 = interleaveHigh(row0, row1);
  const Vec low23 = interleaveLow(row2, row3);
  const Vec high23 = interleaveHigh(row2, row3);
  quarters[0] = interleaveLowPairs(low01, low23);
  quarters[1] = interleaveHighPairs(low01, low23);
  quarters[2] = interleaveLowPairs(high01, high23);
  quarters[3] = interleaveHighPairs(high01, high23);
}
