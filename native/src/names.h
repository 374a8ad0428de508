// What a plan names, each list once: the enumerations, their counts, the names that JavaScript uses and the table of
// kernels are made of these lists. Includes nothing, because the kernels include it.
#pragma once

/**
 * Element-wise functions: how many operands they take, which, and their formula on vectors, in terms of
 * kernels/functions.inl. Only there are formulas looked at.
 */
#define VITRINE_FUNCTIONS(X)                                              \
  X(copy, 1, (Vec a), a)                                                  \
  X(negate, 1, (Vec a), -a)                                               \
  X(relu, 1, (Vec a), select(less(a, Vec::zero()), Vec::zero(), a))       \
  X(exp, 1, (Vec a), exponential(a))                                      \
  X(log, 1, (Vec a), logarithm(a))                                        \
  X(sqrt, 1, (Vec a), squareRoot(a))                                      \
  X(gelu, 1, (Vec a), geluOf(a))                                          \
  X(normalCdf, 1, (Vec x), normalDistribution(x, bell(x)))                \
  X(sigmoid, 1, (Vec a), sigmoidOf(a))                                    \
  X(add, 2, (Vec a, Vec b), a + b)                                        \
  X(subtract, 2, (Vec a, Vec b), a - b)                                   \
  X(multiply, 2, (Vec a, Vec b), a * b)                                   \
  X(divide, 2, (Vec a, Vec b), a / b)                                     \
  X(geluGradient, 2, (Vec x, Vec g), geluGradientOf(x, g))                \
  X(swiGlu, 2, (Vec a, Vec b), a * sigmoidOf(a) * b)                      \
  X(equal, 2, (Vec a, Vec b), oneWhere(equal(a, b)))                      \
  X(less, 2, (Vec a, Vec b), oneWhere(less(a, b)))                        \
  X(greater, 2, (Vec a, Vec b), oneWhere(less(b, a)))                     \
  X(where, 3, (Vec a, Vec b, Vec c), select(equal(a, Vec::zero()), c, b))

#define VITRINE_REDUCTIONS(X) \
  X(sum)                      \
  X(mean)                     \
  X(max)                      \
  X(min)

/** What a reduction may make of its inputs before it folds: functions, one after the other. */
#define VITRINE_MADE(X) \
  X(copy)               \
  X(multiply)           \
  X(relu)               \
  X(multiplyRelu)

/** What a product may do to its sums. */
#define VITRINE_ACTIVATIONS(X) \
  X(none)                      \
  X(gelu)

#define VITRINE_STEPS(X) \
  X(map)                 \
  X(reduce)              \
  X(softmax)             \
  X(layerNorm)           \
  X(matmul)              \
  X(largestMask)         \
  X(softmaxGradient)     \
  X(layerNormGradient)

namespace vitrine {

#define VITRINE_MEMBER(name, ...) name,
#define VITRINE_QUOTED(name, ...) #name,
#define VITRINE_OPERANDS(name, operands, ...) operands,
#define VITRINE_ONE(...) +1

enum class Function { VITRINE_FUNCTIONS(VITRINE_MEMBER) };
constexpr int functionCount = VITRINE_FUNCTIONS(VITRINE_ONE);
constexpr const char* functionNames[] = {VITRINE_FUNCTIONS(VITRINE_QUOTED)};
constexpr int functionOperands[] = {VITRINE_FUNCTIONS(VITRINE_OPERANDS)};

enum class Reduction { VITRINE_REDUCTIONS(VITRINE_MEMBER) };
constexpr int reductionCount = VITRINE_REDUCTIONS(VITRINE_ONE);
constexpr const char* reductionNames[] = {VITRINE_REDUCTIONS(VITRINE_QUOTED)};

enum class Made { VITRINE_MADE(VITRINE_MEMBER) };
constexpr int madeCount = VITRINE_MADE(VITRINE_ONE);
constexpr const char* madeNames[] = {VITRINE_MADE(VITRINE_QUOTED)};

enum class Activation { VITRINE_ACTIVATIONS(VITRINE_MEMBER) };
constexpr int activationCount = VITRINE_ACTIVATIONS(VITRINE_ONE);
constexpr const char* activationNames[] = {VITRINE_ACTIVATIONS(VITRINE_QUOTED)};

enum class StepKind { VITRINE_STEPS(VITRINE_MEMBER) };
constexpr const char* stepNames[] = {VITRINE_STEPS(VITRINE_QUOTED)};

#undef VITRINE_MEMBER
#undef VITRINE_QUOTED
#undef VITRINE_OPERANDS
#undef VITRINE_ONE

}  // namespace vitrine
