// The parameter update: momentum, decay, and the rank-one corrections that centring and sparsity make to the
// gradient, in one pass over a row of the weights while it is in cache.
#include "boltzmann_kernels.h"

#ifndef NAME
#define BOLTZMANN_SOURCE "momentum.c"
#include "for_each_instruction_set.h"
#else

void NAME(momentum_step)(float *weights, float *velocity, const float *gradient, size_t columns,
                         boltzmann_update update, const float *left, const float *right,
                         size_t right_stride, size_t corrections, float left_step, float *projected,
                         const float *across, double *dot, double *squares) {
  enum { WIDTH = 64 };
  for (size_t begin = 0; begin < columns; begin += WIDTH) {
    size_t width = columns - begin < WIDTH ? columns - begin : WIDTH;
    float *w = weights + begin, *v = velocity + begin;
    float g[WIDTH], dots[16] = {0}, square[16] = {0};
    for (size_t j = 0; j < width; j++) g[j] = gradient[begin + j] - update.l2 * w[j];
    if (update.l1 != 0.0f)
      for (size_t j = 0; j < width; j++)
        g[j] -= update.l1 * (float)((w[j] > 0.0f) - (w[j] < 0.0f));
    for (size_t k = 0; k < corrections; k++)
      for (size_t j = 0; j < width; j++) g[j] -= left[k] * right[k * right_stride + begin + j];
    for (size_t j = 0; j < width; j++) {
      v[j] = update.momentum * v[j] + update.rate * g[j];
      w[j] += v[j];
    }
    if (projected)
      for (size_t j = 0; j < width; j++) projected[begin + j] += left_step * v[j];
    for (size_t j = 0; j < width; j++) square[j % 16] += v[j] * v[j];
    if (across)
      for (size_t j = 0; j < width; j++) dots[j % 16] += v[j] * across[begin + j];
    for (int l = 0; l < 16; l++) *squares += square[l], *dot += dots[l];
  }
}
#endif
