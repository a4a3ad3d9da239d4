// Rectified units: a normal variable cut off below 0. t = scale·(input + bias), a = −t/√precision.
#include "boltzmann_kernels.h"

#ifndef NAME
#define BOLTZMANN_SOURCE "rectified.c"
#include "for_each_instruction_set.h"
#else
#include "philox.h"
#include <math.h>

/// h(y) − y for the hazard h = φ/Q of a standard normal variable.
static double NAME(excess)(double y) {
  if (y < 5) return exp(-0.5 * y * y) * 0.7978845608028654 / erfc(y * 0.7071067811865476) - y;
  double d = y;
  for (int k = 60; k > 1; k--) d = y + k / d;
  return 1 / d;
}

/// log Q(y)
static double NAME(log_survival)(double y) {
  if (y < 5) return log(0.5 * erfc(y * 0.7071067811865476));
  return -0.5 * y * y - 0.9189385332046727 - log(y + NAME(excess)(y));
}

void NAME(rectified_means)(const float *inputs, size_t inputs_stride, const float *bias,
                           const float *precision, float scale, float *out, size_t out_stride, size_t rows,
                           size_t columns) {
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < columns; j++) {
      double a = -(double)scale * (inputs[r * inputs_stride + j] + bias[j]) / sqrt(precision[j]);
      out[r * out_stride + j] = (float)(NAME(excess)(a) / sqrt(precision[j]));
    }
}

void NAME(rectified_variances)(const float *inputs, size_t inputs_stride, const float *bias,
                               const float *precision, float scale, float *out, size_t out_stride,
                               size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < columns; j++) {
      double a = -(double)scale * (inputs[r * inputs_stride + j] + bias[j]) / sqrt(precision[j]);
      double m = NAME(excess)(a), v = a < 1e3 ? 1 - m * (a + m) : 1 / (a * a);
      out[r * out_stride + j] = (float)(v / precision[j]);
    }
}

/// s with log Q(a + s) − log Q(a) = log u, by bisection.
static double NAME(excess_draw)(double a, double u) {
  double low = 0, high = a < 0 ? 8 - a : 8, target = log(u) + NAME(log_survival)(a);
  for (int k = 0; k < 80; k++) {
    double middle = 0.5 * (low + high);
    if (NAME(log_survival)(a + middle) > target) low = middle;
    else high = middle;
  }
  return high;
}

void NAME(rectified_sample)(const float *inputs, size_t inputs_stride, const float *bias,
                            const float *precision, float scale, float *means, size_t means_stride,
                            float *states, size_t states_stride, size_t rows, size_t columns,
                            boltzmann_random random, const uint64_t *row_ids) {
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < columns; j += BOLTZMANN_WORDS) {
      uint32_t words[BOLTZMANN_WORDS];
      NAME(philox_words)(random, row_ids[r], j / 4, words);
      for (size_t i = 0; i < BOLTZMANN_WORDS && i + j < columns; i++) {
        double root = sqrt(precision[i + j]);
        double a = -(double)scale * (inputs[r * inputs_stride + i + j] + bias[i + j]) / root;
        if (means) means[r * means_stride + i + j] = (float)(NAME(excess)(a) / root);
        double s = a > 1e3 ? -log((words[i] + 0.5) * 0x1p-32) / a
                           : NAME(excess_draw)(a, (words[i] + 0.5) * 0x1p-32);
        states[r * states_stride + i + j] = (float)(s / root);
      }
    }
}

void NAME(rectified_log_normalizers)(const float *inputs, size_t inputs_stride, const float *bias,
                                     const float *precision, float scale, double *sums, size_t rows,
                                     size_t columns) {
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < columns; j++) {
      double a = -(double)scale * (inputs[r * inputs_stride + j] + bias[j]) / sqrt(precision[j]);
      double log_mills = a < 5 ? 0.5 * a * a + 0.9189385332046727 + NAME(log_survival)(a)
                               : -log(a + NAME(excess)(a));
      sums[r] += log_mills - 0.5 * log(precision[j]);
    }
}
#endif
