// Layers of dense networks: φ(inputs + bias), the factor φ′ of their gradient, and the step of Adam, each in one
// pass over a row while it is in cache.
#include "boltzmann_kernels.h"

#ifndef NAME
#define BOLTZMANN_SOURCE "dense.c"
#include "for_each_instruction_set.h"
#include <math.h>

double boltzmann_activation_reference(double x, boltzmann_activation activation) {
  switch (activation.kind) {
  case BOLTZMANN_RECTIFIED: return x > 0 ? x : activation.slope * x;
  case BOLTZMANN_TANH: return tanh(x);
  case BOLTZMANN_LOGISTIC: return 1 / (1 + exp(-x));
  default: return x;
  }
}

double boltzmann_activation_slope_reference(double y, boltzmann_activation activation) {
  switch (activation.kind) {
  case BOLTZMANN_RECTIFIED: return y > 0 ? 1 : activation.slope;
  case BOLTZMANN_TANH: return 1 - y * y;
  case BOLTZMANN_LOGISTIC: return y * (1 - y);
  default: return 1;
  }
}

#else
#include "elementary.h"

/// tanh x: x + x³·P(x²) (Cephes' P) below 5/8, where 1 − e would cancel, else 1 − 2e/(1 + e) with e = e^{−2|x|}.
static inline float NAME(tanh_of)(float x) {
  float size = NAME(absolute)(x);
  float e = NAME(exp_nonpositive)(-2.0f * size);
  float far = 1.0f - 2.0f * e / (1.0f + e);
  float z = x * x;
  float p = -5.70498872745e-3f;
  p = p * z + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  float near = p * z * size + size;
  return __builtin_copysignf(size < 0.625f ? near : far, x);
}

// A loop over a row; y may be x, but then element by element.
#define OVER_COLUMNS(statement)                                                                              \
  _Pragma("clang loop vectorize(assume_safety) vectorize_width(LANES)") for (size_t j = 0; j < columns; j++) \
      statement

static inline void NAME(activate_row)(const float *x, const float *bias, boltzmann_activation activation,
                                      float *y, size_t columns) {
  const float slope = activation.slope;
  switch (activation.kind) {
  case BOLTZMANN_RECTIFIED:
    OVER_COLUMNS({
      float t = x[j] + bias[j];
      y[j] = t > 0.0f ? t : slope * t;
    });
    break;
  case BOLTZMANN_TANH: OVER_COLUMNS(y[j] = NAME(tanh_of)(x[j] + bias[j])); break;
  case BOLTZMANN_LOGISTIC: OVER_COLUMNS(y[j] = NAME(logistic_of)(x[j] + bias[j])); break;
  default: OVER_COLUMNS(y[j] = x[j] + bias[j]);
  }
}

void NAME(activate)(const float *inputs, size_t inputs_stride, const float *bias,
                    boltzmann_activation activation, float *out, size_t out_stride, size_t rows,
                    size_t columns) {
  for (size_t r = 0; r < rows; r++)
    NAME(activate_row)(inputs + r * inputs_stride, bias, activation, out + r * out_stride, columns);
}

static inline void NAME(slope_row)(const float *y, boltzmann_activation activation, float *d, size_t columns) {
  const float slope = activation.slope;
  switch (activation.kind) {
  case BOLTZMANN_RECTIFIED: OVER_COLUMNS(d[j] = y[j] > 0.0f ? d[j] : slope * d[j]); break;
  case BOLTZMANN_TANH: OVER_COLUMNS(d[j] *= 1.0f - y[j] * y[j]); break;
  case BOLTZMANN_LOGISTIC: OVER_COLUMNS(d[j] *= y[j] * (1.0f - y[j])); break;
  default: break;
  }
}

void NAME(activation_slopes)(const float *outputs, size_t outputs_stride, boltzmann_activation activation,
                             float *deltas, size_t deltas_stride, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++)
    NAME(slope_row)(outputs + r * outputs_stride, activation, deltas + r * deltas_stride, columns);
}

void NAME(adam_step)(float *weights, float *first, float *second, const float *direction, size_t columns,
                     boltzmann_adam settings) {
  const float fresh = 1.0f - settings.first_decay, fresh_square = 1.0f - settings.second_decay;
  OVER_COLUMNS({
    float g = direction[j];
    first[j] = settings.first_decay * first[j] + fresh * g;
    second[j] = settings.second_decay * second[j] + fresh_square * (g * g);
    float size = NAME(square_root)(settings.second_scale * second[j]) + settings.epsilon;
    weights[j] += settings.rate * first[j] / size;
  });
}
#undef OVER_COLUMNS
#endif
