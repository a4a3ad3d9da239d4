// Sums of squares: energies of real-valued units, second moments of columns.
#include "boltzmann_kernels.h"

#ifndef NAME
#define BOLTZMANN_SOURCE "quadratic.c"
#include "for_each_instruction_set.h"
#else

/// x·(½γx − θ) in double: squares of Floats overflow a Float beyond 1.8e19.
static inline double NAME(quadratic_energy)(double x, double bias, double precision) {
  return x * (0.5 * precision * x - bias);
}

void NAME(quadratic_energies)(const float *x, size_t x_stride, const float *bias, const float *precision,
                              double *energies, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++) {
    const float *row = x + r * x_stride;
    double lanes[16] = {0}, sum = 0;
    size_t j = 0;
    for (; j + 16 <= columns; j += 16)
#pragma clang loop vectorize_width(LANES)
      for (int l = 0; l < 16; l++)
        lanes[l] += NAME(quadratic_energy)(row[j + l], bias[j + l], precision[j + l]);
    for (; j < columns; j++) sum += NAME(quadratic_energy)(row[j], bias[j], precision[j]);
    for (int l = 0; l < 16; l++) sum += lanes[l];
    energies[r] += sum;
  }
}

void NAME(add_column_squares)(const float *x, size_t x_stride, float *sums, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++) {
    const float *row = x + r * x_stride;
    for (size_t j = 0; j < columns; j++) sums[j] += row[j] * row[j];
  }
}
#endif
