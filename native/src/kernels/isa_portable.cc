#include "vector_portable.h"

#define VITRINE_ISA portable
#include "table.inl"
