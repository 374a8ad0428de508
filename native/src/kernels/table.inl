// Compiles all kernels for one instruction set. Before this file: the set's vector type, and its name as VITRINE_ISA.

#include <cmath>

#include "kernels.h"

#define VITRINE_TEXT_OF(name) #name
#define VITRINE_TEXT(name) VITRINE_TEXT_OF(name)
#define VITRINE_MAP_ROW(name, operands, ...) mapRows<Function::name, operands>,

namespace vitrine {
namespace VITRINE_ISA {
// Everything but the table is private to the file: nothing may be shared between instruction sets.
namespace {
#include "functions.inl"
#include "rows.inl"
#include "product.inl"
}  // namespace

extern const Kernels kernels = {
    VITRINE_TEXT(VITRINE_ISA),
    panelWidth,
    Vec::tileRows,
    {VITRINE_FUNCTIONS(VITRINE_MAP_ROW)},
    accumulateRows,
    reduceRows,
    softmaxRow,
    layerNormRow,
    softmaxGradientRow,
    layerNormGradientRow,
    productPanel,
    packPanel,
    packLeft,
    multiplyAddLoop,
};

}  // namespace VITRINE_ISA
}  // namespace vitrine
