// What a plan names, each list once: the enumerations, their counts, the names that JavaScript uses and the table of
// kernels are made of these lists. Includes nothing, because the kernels include it.
#pragma once

/** Element-wise functions and how many operands they take. The formula of each is in kernels/functions.inl. */
#define VITRINE_FUNCTIONS(X) \
  X(copy, 1)                 \
  X(negate, 1)               \
  X(relu, 1)                 \
  X(exp, 1)                  \
  X(log, 1)                  \
  X(sqrt, 1)                 \
  X(gelu, 1)                 \
  X(normalCdf, 1)            \
  X(add, 2)                  \
  X(subtract, 2)             \
  X(multiply, 2)             \
  X(divide, 2)               \
  X(geluGradient, 2)         \
  X(equal, 2)                \
  X(less, 2)                 \
  X(greater, 2)              \
  X(where, 3)

#define VITRINE_REDUCTIONS(X) \
  X(sum)                      \
  X(mean)                     \
  X(max)                      \
  X(min)

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
#define VITRINE_OPERANDS(name, operands) operands,
#define VITRINE_ONE(...) +1

enum class Function { VITRINE_FUNCTIONS(VITRINE_MEMBER) };
constexpr int functionCount = VITRINE_FUNCTIONS(VITRINE_ONE);
constexpr const char* functionNames[] = {VITRINE_FUNCTIONS(VITRINE_QUOTED)};
constexpr int functionOperands[] = {VITRINE_FUNCTIONS(VITRINE_OPERANDS)};

enum class Reduction { VITRINE_REDUCTIONS(VITRINE_MEMBER) };
constexpr int reductionCount = VITRINE_REDUCTIONS(VITRINE_ONE);
constexpr const char* reductionNames[] = {VITRINE_REDUCTIONS(VITRINE_QUOTED)};

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
