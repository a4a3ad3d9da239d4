// One table of kernels per instruction set, and which of them this processor has.
#include "boltzmann_kernels.h"

#define TABLE(set)                                                                                           \
  BOLTZMANN_FOR_EACH_KERNEL(DECLARE_##set)                                                                   \
  static const boltzmann_kernels table_##set = {BOLTZMANN_FOR_EACH_KERNEL(ENTRY_##set)};

#define DECLARE_baseline(name, type, parameters) extern type boltzmann_##name##_baseline parameters;
#define ENTRY_baseline(name, type, parameters) .name = boltzmann_##name##_baseline,
TABLE(baseline)

#if defined(__x86_64__)
#define DECLARE_v3(name, type, parameters) extern type boltzmann_##name##_v3 parameters;
#define ENTRY_v3(name, type, parameters) .name = boltzmann_##name##_v3,
#define DECLARE_v4(name, type, parameters) extern type boltzmann_##name##_v4 parameters;
#define ENTRY_v4(name, type, parameters) .name = boltzmann_##name##_v4,
TABLE(v3)
TABLE(v4)
#endif

const boltzmann_kernels *boltzmann_kernels_for(boltzmann_instruction_set set) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (set == BOLTZMANN_X86_64_V4) return __builtin_cpu_supports("x86-64-v4") ? &table_v4 : 0;
  if (set == BOLTZMANN_X86_64_V3) return __builtin_cpu_supports("x86-64-v3") ? &table_v3 : 0;
#endif
  return set == BOLTZMANN_BASELINE ? &table_baseline : 0;
}

boltzmann_instruction_set boltzmann_best_instruction_set(void) {
  int set = BOLTZMANN_INSTRUCTION_SETS - 1;
  while (!boltzmann_kernels_for((boltzmann_instruction_set)set)) set--;
  return (boltzmann_instruction_set)set;
}

int boltzmann_has_byte_products(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("x86-64-v4") && __builtin_cpu_supports("avx512vnni");
#else
  return 0;
#endif
}

const char *boltzmann_instruction_set_name(boltzmann_instruction_set set) {
  static const char *const names[] = {"baseline", "x86-64-v3", "x86-64-v4"};
  return names[set];
}
