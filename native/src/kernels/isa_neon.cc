#include "vector_neon.h"

#define VITRINE_ISA neon
#include "table.inl"
