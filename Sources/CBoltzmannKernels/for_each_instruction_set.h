// Includes BOLTZMANN_SOURCE once per instruction set. Within it NAME(f) is f's name for that set, LANES the
// floats of one vector register, and every function is compiled for that set. A source uses it as
//
//   #ifndef NAME
//   #define BOLTZMANN_SOURCE "softplus.c"
//   #include "for_each_instruction_set.h"
//   #else
//   ... the kernels ...
//   #endif
//
// Without guards on purpose: it is included by every source.
#if defined(__x86_64__)

#define NAME(f) boltzmann_##f##_v4
#define LANES 16
// Clang prefers half of these registers unless told that whole ones are wanted.
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"), min_vector_width(512))), apply_to = function)
#include BOLTZMANN_SOURCE
#pragma clang attribute pop
#undef LANES
#undef NAME

#define NAME(f) boltzmann_##f##_v3
#define LANES 8
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#include BOLTZMANN_SOURCE
#pragma clang attribute pop
#undef LANES
#undef NAME

#endif

#define NAME(f) boltzmann_##f##_baseline
#define LANES 4
#include BOLTZMANN_SOURCE
#undef LANES
#undef NAME
