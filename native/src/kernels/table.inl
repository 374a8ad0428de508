// Compiles all kernels for one instruction set. Before this file: the set's vector type, and its name as VITRINE_ISA.

#include <cmath>

#include "kernels.h"

#define VITRINE_TEXT_OF(name) #name
#define VITRINE_TEXT(name) VITRINE_TEXT_OF(name)

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
    {
        mapRow<Function::copy>,
        mapRow<Function::negate>,
        mapRow<Function::relu>,
        mapRow<Function::exp>,
        mapRow<Function::log>,
        mapRow<Function::sqrt>,
        mapRow<Function::gelu>,
        mapRow<Function::add>,
        mapRow<Function::subtract>,
        mapRow<Function::multiply>,
        mapRow<Function::divide>,
        mapRow<Function::geluGradient>,
        mapRow<Function::equal>,
        mapRow<Function::less>,
        mapRow<Function::greater>,
        mapRow<Function::where>,
    },
    accumulateRows,
    reduceRow,
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
