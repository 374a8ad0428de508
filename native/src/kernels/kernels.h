// What the kernels of every instruction set offer: one table of functions a set, chosen once at run time.
//
// The kernels are written once, in the .inl files, against the little vector type of vector_*.h, and compiled once for
// each instruction set, in isa_*.cc. Those files must not use anything of the standard library that has out-of-line
// templates: the linker keeps one copy of such a function, perhaps one with instructions this processor lacks.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../names.h"

/** For short functions in inner loops, whose callers some compilers think too long for them; a lambda's stands last. */
#if defined(_MSC_VER)
#define VITRINE_INLINE __forceinline
#define VITRINE_INLINE_LAMBDA
#define VITRINE_NOINLINE __declspec(noinline)
#else
#define VITRINE_INLINE inline __attribute__((always_inline))
#define VITRINE_INLINE_LAMBDA __attribute__((always_inline))
#define VITRINE_NOINLINE __attribute__((noinline))
#endif

/** Before a loop: four rounds at a time. */
#if defined(__clang__)
#define VITRINE_UNROLL_4 _Pragma("clang loop unroll_count(4)")
#elif defined(__GNUC__)
#define VITRINE_UNROLL_4 _Pragma("GCC unroll 4")
#else
#define VITRINE_UNROLL_4
#endif

/** Asks for the cache line at an address that will be needed soon; or a little later, so only into the second cache. */
#if defined(_MSC_VER) && !defined(__clang__)
#define VITRINE_PREFETCH(address) ((void)(address))
#define VITRINE_PREFETCH_FAR(address) ((void)(address))
#else
#define VITRINE_PREFETCH(address) __builtin_prefetch(address)
#define VITRINE_PREFETCH_FAR(address) __builtin_prefetch(address, 0, 2)
#endif

namespace vitrine {

/** What happens to a product's sums before they stay: `activation(scale * sum + bias) + residual`. */
struct Finish {
  float scale = 1.0f;
  Activation activation = Activation::none;
  /** One for each column, or null. */
  const float* bias = nullptr;
  /** A matrix like the output with its own distance between rows, or null. */
  const float* residual = nullptr;
  ptrdiff_t residualRow = 0;
};

/** A part of a product: `rows` rows of the left matrix times one panel of the right one. */
struct PanelProduct {
  /** Left matrix, `[rows, depth]`, with the distances between its rows and columns. */
  const float* a;
  ptrdiff_t aRow;
  ptrdiff_t aColumn;
  /** From the first row of a tile to the first of the next one: `tileRows * aRow`, unless the matrix was packed by tiles. */
  ptrdiff_t aTile;
  ptrdiff_t rows;
  ptrdiff_t depth;
  /** Right panel: `depth` rows of `panelColumns` floats, `bRow` apart. */
  const float* b;
  ptrdiff_t bRow;
  /** Columns that are wanted, at most `panelColumns`. */
  ptrdiff_t columns;
  float* output;
  ptrdiff_t outputRow;
  /** Whether the sums are added to what the output holds: the depth is worked off in pieces. */
  bool accumulate;
  /** Applied if not null, with the last piece of the depth. */
  const Finish* finish;
  /** The panel that will be multiplied next, `depth` rows too, or null: fetched meanwhile. Its results follow these. */
  const float* next;
  /** Columns that will be wanted of it. */
  ptrdiff_t nextColumns;
};

/** What is folded: numbers that lie side by side, or what is made of two. */
struct Elements {
  Made made = Made::copy;
  const float* a = nullptr;
  /** Null where one is enough. */
  const float* b = nullptr;
};

/** Rows that a function is applied to, each as long. */
struct MapRows {
  ptrdiff_t rows = 1;
  int steps[3] = {};
  /** How far apart they lie. */
  ptrdiff_t operandRows[3] = {};
  ptrdiff_t outputRow = 0;
};

struct Kernels {
  const char* name;
  /** Columns of a packed panel. */
  int panelColumns;
  /** Rows of a tile: parts of a product whose rows are a multiple of it are worked off without remainder. */
  int tileRows;

  /**
   * `output[i] = function(a[i], b[i], c[i])` for `count` elements of each row; an operand with `step` 0 is one number in a row,
   * with 1 an array. Arrays may not overlap with the output.
   */
  using Map = void (*)(const float* const* operands, const MapRows& rows, float* output, ptrdiff_t count);
  Map map[functionCount];

  /**
   * `total = fold(total, row)`, element by element, for each of the rows of `count` floats in their order, whose operands
   * lie `distances` apart; not for `mean`.
   */
  void (*accumulate)(Reduction reduction, float* total, const Elements& of, const ptrdiff_t* distances, ptrdiff_t rows,
                     ptrdiff_t count);
  /** Folds each of the rows of `count` floats, whose operands lie `distances` apart, into one number; a mean is divided. */
  void (*reduce)(Reduction reduction, const Elements& of, const ptrdiff_t* distances, ptrdiff_t rows, ptrdiff_t count,
                 float* output);

  void (*softmax)(const float* x, float* output, ptrdiff_t count);
  void (*layerNorm)(const float* x, const float* weight, const float* bias, float epsilon, float* output,
                    ptrdiff_t count);
  void (*softmaxGradient)(const float* y, const float* gradient, float* output, ptrdiff_t count);
  /** `residual` may be null. */
  void (*layerNormGradient)(const float* x, const float* weight, const float* gradient, const float* residual,
                            float epsilon, float* output, ptrdiff_t count);

  void (*product)(const PanelProduct& part);
  /**
   * Copies up to `panelColumns` columns of a `[depth, columns]` matrix into a panel, times `scale`, zeros behind them.
   */
  void (*pack)(const float* b, ptrdiff_t bRow, ptrdiff_t bColumn, ptrdiff_t depth, ptrdiff_t columns, float scale,
               float* panel);
  /**
   * Copies rows of a left matrix by tiles, each `[depth, tileRows]`: for one whose rows lie side by side and columns far
   * apart. The last tile is filled up with zeros.
   */
  void (*packLeft)(const float* a, ptrdiff_t aRow, ptrdiff_t aColumn, ptrdiff_t rows, ptrdiff_t depth, float* tiles);

  /** Runs a loop of multiply-adds on registers alone; returns how many floating-point operations that were. */
  double (*multiplyAdds)(int64_t rounds);
};

/** The table for this processor, or the named one. Null if the name is unknown or the processor cannot run it. */
const Kernels* chooseKernels(const char* name);

namespace avx512 {
extern const Kernels kernels;
}
namespace avx2 {
extern const Kernels kernels;
}
namespace neon {
extern const Kernels kernels;
}
namespace portable {
extern const Kernels kernels;
}

}  // namespace vitrine
