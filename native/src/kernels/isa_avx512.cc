#include "vector_avx512.h"

#define VITRINE_ISA avx512
#include "table.inl"
