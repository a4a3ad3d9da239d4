// The parameter update: momentum, decay, and the rank-one corrections that centring and sparsity make to the
// gradient, in one pass over a row of the weights while it is in cache.
#include "boltzmann_kernels.h"

#ifndef NAME
#define BOLTZMANN_SOURCE "momentum.c"
#include "for_each_instruction_set.h"
#else

enum { NAME(width) = 64 };

/// 64 columns of one row; fewer in the last call.
static inline __attribute__((always_inline)) void
NAME(momentum_part)(float *restrict w, float *restrict velocity, float *restrict step,
                    const float *restrict gradient, size_t width, boltzmann_update update, const float *left,
                    const float *right, size_t right_stride, size_t corrections) {
  float g[NAME(width)];
  for (size_t j = 0; j < width; j++) g[j] = gradient[j] - update.l2 * w[j];
  if (update.l1 != 0.0f)
    for (size_t j = 0; j < width; j++) g[j] -= update.l1 * (float)((w[j] > 0.0f) - (w[j] < 0.0f));
  for (size_t k = 0; k < corrections; k++) {
    const float *restrict row = right + k * right_stride;
    for (size_t j = 0; j < width; j++) g[j] -= left[k] * row[j];
  }
  if (velocity)
    for (size_t j = 0; j < width; j++)
      velocity[j] = step[j] = update.momentum * velocity[j] + update.rate * g[j];
  else
    for (size_t j = 0; j < width; j++) step[j] = update.rate * g[j];
  for (size_t j = 0; j < width; j++) w[j] += step[j];
}

/// Σ x[j]·y[j] over at most 64 columns, in 16 lanes.
static inline __attribute__((always_inline)) float NAME(part_dot)(const float *x, const float *y, size_t width) {
  float lanes[16] = {0}, sum = 0;
  size_t j = 0;
  for (; j + 16 <= width; j += 16)
    for (int l = 0; l < 16; l++) lanes[l] += x[j + l] * y[j + l];
  for (; j < width; j++) sum += x[j] * y[j];
  for (int l = 0; l < 16; l++) sum += lanes[l];
  return sum;
}

void NAME(momentum_step)(float *weights, float *velocity, const float *gradient, size_t columns,
                         boltzmann_update update, const float *left, const float *right,
                         size_t right_stride, size_t corrections, float left_step, float *projected,
                         const float *across, double *dot, double *squares) {
  for (size_t j = 0; j < columns; j += NAME(width)) {
    size_t width = columns - j < NAME(width) ? columns - j : NAME(width);
    float step[NAME(width)], *v = velocity ? velocity + j : 0;
    if (width == NAME(width)) // a constant width unrolls
      NAME(momentum_part)(weights + j, v, step, gradient + j, NAME(width), update, left, right + j, right_stride,
                          corrections);
    else
      NAME(momentum_part)(weights + j, v, step, gradient + j, width, update, left, right + j, right_stride,
                          corrections);
    *squares += NAME(part_dot)(step, step, width);
    if (across) *dot += NAME(part_dot)(step, across + j, width);
    if (projected) {
      float *restrict sums = projected + j;
      for (size_t i = 0; i < width; i++) sums[i] += left_step * step[i];
    }
  }
}
#endif
