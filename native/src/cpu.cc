#include <cstring>

#include "kernels/kernels.h"

#if defined(_MSC_VER) && defined(_M_X64)
#include <intrin.h>
#endif

namespace vitrine {
namespace {

#if defined(__x86_64__) || defined(_M_X64)
/** Asks the processor and, through XGETBV, whether the system saves the wide registers. */
struct X86 {
  bool avx2 = false;
  bool avx512 = false;

  X86() {
#if defined(_MSC_VER)
    int basic[4];
    int extended[4];
    __cpuid(basic, 1);
    __cpuidex(extended, 7, 0);
    const bool saves = (basic[2] & (1 << 27)) != 0;
    const unsigned long long registers = saves ? _xgetbv(0) : 0;
    avx2 = (registers & 0x6) == 0x6 && (basic[2] & (1 << 12)) != 0 && (extended[1] & (1 << 5)) != 0;
    avx512 = avx2 && (registers & 0xe6) == 0xe6 && (extended[1] & (1 << 16)) != 0;
#else
    __builtin_cpu_init();
    avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    avx512 = avx2 && __builtin_cpu_supports("avx512f");
#endif
  }
};
#endif

}  // namespace

const Kernels* chooseKernels(const char* name) {
  // The best first.
  const Kernels* available[3] = {};
  int count = 0;
#if defined(__x86_64__) || defined(_M_X64)
  const X86 processor;
  if (processor.avx512) available[count++] = &avx512::kernels;
  if (processor.avx2) available[count++] = &avx2::kernels;
#elif defined(__aarch64__) || defined(_M_ARM64)
  available[count++] = &neon::kernels;
#endif
  available[count++] = &portable::kernels;
  for (int i = 0; i < count; i++) {
    if (name == nullptr || std::strcmp(name, available[i]->name) == 0) return available[i];
  }
  return nullptr;
}

}  // namespace vitrine
