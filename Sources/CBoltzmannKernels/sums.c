// Sums over rows and columns that BLAS has no call for, accumulated in lanes and then in double.
#include "boltzmann_kernels.h"

#ifndef NAME
#define BOLTZMANN_SOURCE "sums.c"
#include "for_each_instruction_set.h"
#else

/// Σ_j x[j]·y[j]: 16 Float lanes over at most 256 columns, then double.
static inline double NAME(dot)(const float *x, const float *y, size_t columns) {
  double sum = 0;
  for (size_t begin = 0; begin < columns; begin += 256) {
    size_t end = columns - begin < 256 ? columns : begin + 256, j = begin;
    float lanes[16] = {0};
    for (; j + 16 <= end; j += 16)
      for (int l = 0; l < 16; l++) lanes[l] += x[j + l] * y[j + l];
    for (; j < end; j++) sum += (double)x[j] * y[j];
    for (int l = 0; l < 16; l++) sum += lanes[l];
  }
  return sum;
}

void NAME(row_dots)(const float *x, size_t x_stride, const float *y, size_t y_stride, double *sums,
                    size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++) sums[r] += NAME(dot)(x + r * x_stride, y + r * y_stride, columns);
}

double NAME(squared_distance)(const float *x, size_t x_stride, const float *y, size_t y_stride, size_t rows,
                              size_t columns) {
  double sum = 0;
  for (size_t r = 0; r < rows; r++) {
    const float *a = x + r * x_stride, *b = y + r * y_stride;
    float lanes[16] = {0}, rest = 0;
    size_t j = 0;
    for (; j + 16 <= columns; j += 16)
      for (int l = 0; l < 16; l++) lanes[l] += (a[j + l] - b[j + l]) * (a[j + l] - b[j + l]);
    for (; j < columns; j++) rest += (a[j] - b[j]) * (a[j] - b[j]);
    sum += rest;
    for (int l = 0; l < 16; l++) sum += lanes[l];
  }
  return sum;
}

void NAME(add_scaled_rows)(const float *a, const float *b, size_t b_stride, const float *factor, float *out,
                           size_t out_stride, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < columns; j++) out[r * out_stride + j] = a[j] + factor[r] * b[r * b_stride + j];
}

void NAME(subtract)(const float *a, size_t a_stride, const float *b, size_t b_stride, float *out,
                    size_t out_stride, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < columns; j++) out[r * out_stride + j] = b[r * b_stride + j] - a[r * a_stride + j];
}

void NAME(add_column_sums)(const float *x, size_t x_stride, const float *weight, float scale, float *sums,
                           size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++) {
    const float *row = x + r * x_stride;
    float factor = weight ? scale * weight[r] : scale;
    for (size_t j = 0; j < columns; j++) sums[j] += factor * row[j];
  }
}
#endif
