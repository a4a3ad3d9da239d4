// Compact training data to Float: bits and bytes of one sample.
#include "boltzmann_kernels.h"

#ifndef NAME
#define BOLTZMANN_SOURCE "expand.c"
#include "for_each_instruction_set.h"
#else
#include <stdbool.h>
#include <string.h>

#ifndef BOLTZMANN_EXPAND_TYPES
#define BOLTZMANN_EXPAND_TYPES
typedef float boltzmann_sixteen __attribute__((vector_size(64), aligned(4)));
typedef bool boltzmann_sixteen_flags __attribute__((ext_vector_type(16)));
#endif

void NAME(expand_bits)(const uint8_t *bits, float *out, size_t count) {
  size_t j = 0;
  for (; j + 16 <= count; j += 16) {
    uint16_t word = (uint16_t)(bits[j / 8] | bits[j / 8 + 1] << 8);
    boltzmann_sixteen_flags flags;
    memcpy(&flags, &word, sizeof word);
    *(boltzmann_sixteen *)(out + j) = __builtin_convertvector(flags, boltzmann_sixteen);
  }
  for (; j < count; j++) out[j] = (float)(bits[j / 8] >> (j % 8) & 1);
}

void NAME(expand_bytes)(const uint8_t *bytes, float scale, float *out, size_t count) {
  for (size_t j = 0; j < count; j++) out[j] = (float)bytes[j] * scale;
}
#endif
