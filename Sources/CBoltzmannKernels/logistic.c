// Hidden (or visible) means of a block: σ(scale·(input + bias)).
#include "boltzmann_kernels.h"

#ifndef NAME
#define BOLTZMANN_SOURCE "logistic.c"
#include "for_each_instruction_set.h"
#include <math.h>

float boltzmann_logistic_reference(float x) {
  return (float)(1.0 / (1.0 + exp(-(double)x)));
}

#else
#include "elementary.h"

void NAME(logistic)(const float *inputs, size_t inputs_stride, const float *bias, float scale, float *out,
                    size_t out_stride, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++) {
    const float *x = inputs + r * inputs_stride;
    float *y = out + r * out_stride;
    // y may be x, but then element by element.
#pragma clang loop vectorize(assume_safety) vectorize_width(LANES)
    for (size_t j = 0; j < columns; j++) y[j] = NAME(logistic_of)(scale * (x[j] + bias[j]));
  }
}
#endif
