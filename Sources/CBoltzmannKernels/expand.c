// Compact training data to Float: bits and bytes of one sample.
#include "boltzmann_kernels.h"

#ifndef NAME
#define BOLTZMANN_SOURCE "expand.c"
#include "for_each_instruction_set.h"
#else

void NAME(expand_bits)(const uint8_t *bits, float *out, size_t count) {
  size_t j = 0;
  for (; j + 8 <= count; j += 8)
    for (int b = 0; b < 8; b++) out[j + b] = (float)(bits[j / 8] >> b & 1);
  for (; j < count; j++) out[j] = (float)(bits[j / 8] >> (j % 8) & 1);
}

void NAME(expand_bytes)(const uint8_t *bytes, float scale, float *out, size_t count) {
  for (size_t j = 0; j < count; j++) out[j] = (float)bytes[j] * scale;
}
#endif
