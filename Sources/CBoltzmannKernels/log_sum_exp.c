// log Σ e^{x} of doubles: log-weights of states, chains and annealing runs.
#include "boltzmann_kernels.h"

#ifndef NAME
#define BOLTZMANN_SOURCE "log_sum_exp.c"
#include "for_each_instruction_set.h"
#include <math.h>

double boltzmann_log_sum_exp_reference(const double *x, size_t count) {
  double top = -INFINITY, sum = 0;
  for (size_t i = 0; i < count; i++) top = x[i] > top ? x[i] : top;
  if (isinf(top)) return top;
  for (size_t i = 0; i < count; i++) sum += exp(x[i] - top);
  return top + log(sum);
}

#else
#include <math.h>
#include <string.h>

/// eˣ for x ≤ 0 in double: x = k·log 2 + r, the Taylor series of eʳ to degree 13 (|r| ≤ ½log 2: 4e−18).
static inline double NAME(exp_nonpositive_double)(double x) {
  const double magic = 6755399441055744.0; // 1.5·2⁵²
  x = x < -708.0 ? -708.0 : x;
  double shifted = x * 1.4426950408889634 + magic;
  double k = shifted - magic;
  double r = (x - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10;
  double p = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  double mantissa = p * (r * r) + r + 1.0;
  uint64_t bits, scale;
  memcpy(&bits, &shifted, sizeof bits);
  scale = (bits + 1023u) << 52;
  double power;
  memcpy(&power, &scale, sizeof power);
  return mantissa * power;
}

double NAME(log_sum_exp)(const double *x, size_t count) {
  double top = -INFINITY;
  for (size_t i = 0; i < count; i++) {
    if (isnan(x[i])) return x[i];
    top = x[i] > top ? x[i] : top;
  }
  if (isinf(top)) return top;
  double lanes[8] = {0}, sum = 0;
  size_t i = 0;
  for (; i + 8 <= count; i += 8)
#pragma clang loop vectorize_width(LANES / 2)
    for (int l = 0; l < 8; l++) lanes[l] += NAME(exp_nonpositive_double)(x[i + l] - top);
  for (; i < count; i++) sum += NAME(exp_nonpositive_double)(x[i] - top);
  for (int l = 0; l < 8; l++) sum += lanes[l];
  return top + log(sum);
}
#endif
