#include "vector_avx2.h"

#define VITRINE_ISA avx2
#include "table.inl"
