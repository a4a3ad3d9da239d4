// Gaussian units: means, draws and log-normalisers. t = scale·(input + bias).
#include "boltzmann_kernels.h"

#ifndef NAME
#define BOLTZMANN_SOURCE "gaussian.c"
#include "for_each_instruction_set.h"
#else
#include "philox.h"
#include <math.h>

void NAME(gaussian_means)(const float *inputs, size_t inputs_stride, const float *bias, const float *precision,
                          float scale, float *out, size_t out_stride, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < columns; j++)
      out[r * out_stride + j] = scale * (inputs[r * inputs_stride + j] + bias[j]) / precision[j];
}

static double NAME(normal_of)(const uint32_t *pair, size_t which) {
  double u = (pair[0] + 0.5) * 0x1p-32, angle = 6.283185307179586 * ((pair[1] + 0.5) * 0x1p-32);
  return sqrt(-2 * log(u)) * (which ? sin(angle) : cos(angle));
}

void NAME(gaussian_sample)(const float *inputs, size_t inputs_stride, const float *bias,
                           const float *precision, float scale, float *means, size_t means_stride,
                           float *states, size_t states_stride, size_t rows, size_t columns,
                           boltzmann_random random, const uint64_t *row_ids) {
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < columns; j += BOLTZMANN_WORDS) {
      uint32_t words[BOLTZMANN_WORDS];
      NAME(philox_words)(random, row_ids[r], j / 4, words);
      for (size_t i = 0; i < BOLTZMANN_WORDS && i + j < columns; i++) {
        float mean = scale * (inputs[r * inputs_stride + i + j] + bias[i + j]) / precision[i + j];
        if (means) means[r * means_stride + i + j] = mean;
        double z = NAME(normal_of)(words + i / 2 * 2, i % 2);
        states[r * states_stride + i + j] = mean + (float)z / sqrtf(precision[i + j]);
      }
    }
}

void NAME(gaussian_log_normalizers)(const float *inputs, size_t inputs_stride, const float *bias,
                                    const float *precision, float scale, double *sums, size_t rows,
                                    size_t columns) {
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < columns; j++) {
      double t = scale * (inputs[r * inputs_stride + j] + bias[j]);
      sums[r] += t * t / (2.0 * precision[j]) + 0.5 * log(6.283185307179586 / precision[j]);
    }
}
#endif
