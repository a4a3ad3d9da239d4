// Hidden means given each of several classes, weighted and summed: over the classes for every row, and over the
// rows for every class. Both gradients of a classification machine, by its weights and by its classes' weights,
// come of one pass over the inputs.
#include "boltzmann_kernels.h"

#ifndef NAME
#define BOLTZMANN_SOURCE "mixed_logistic.c"
#include "for_each_instruction_set.h"
#else
#include "elementary.h"

static inline void NAME(mix_class)(const float *restrict x, const float *restrict bias, float a,
                                   float *restrict mixture, float *restrict sums, size_t columns) {
#pragma clang loop vectorize_width(LANES)
  for (size_t j = 0; j < columns; j++) {
    float h = a * NAME(logistic_of)(x[j] + bias[j]);
    mixture[j] += h;
    sums[j] += h;
  }
}

void NAME(mixed_logistic)(const float *inputs, size_t inputs_stride, const float *bias, size_t bias_stride,
                          const float *a, size_t a_stride, float *mixture, size_t mixture_stride, float *sums,
                          size_t sums_stride, size_t rows, size_t classes, size_t columns) {
  for (size_t r = 0; r < rows; r++) {
    float *mixed = mixture + r * mixture_stride;
    memset(mixed, 0, columns * sizeof *mixed);
    for (size_t k = 0; k < classes; k++) {
      float factor = a[r * a_stride + k];
      if (factor == 0.0f) continue;
      NAME(mix_class)
      (inputs + r * inputs_stride, bias + k * bias_stride, factor, mixed, sums + k * sums_stride, columns);
    }
  }
}
#endif
