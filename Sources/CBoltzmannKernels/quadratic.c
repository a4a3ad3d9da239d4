// Sums of squares: energies of real-valued units, second moments of columns.
#include "boltzmann_kernels.h"

#ifndef NAME
#define BOLTZMANN_SOURCE "quadratic.c"
#include "for_each_instruction_set.h"
#else

void NAME(quadratic_energies)(const float *x, size_t x_stride, const float *bias, const float *precision,
                              double *energies, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < columns; j++) {
      double value = x[r * x_stride + j];
      energies[r] += value * (0.5 * precision[j] * value - bias[j]);
    }
}

void NAME(add_column_squares)(const float *x, size_t x_stride, float *sums, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++) {
    const float *row = x + r * x_stride;
    for (size_t j = 0; j < columns; j++) sums[j] += row[j] * row[j];
  }
}
#endif
