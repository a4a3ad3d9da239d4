// Categorical units: the columns of a site are its states, of which exactly one is 1.
// t = scale·(input + bias); P(state k) = e^{t_k}/Σ_l e^{t_l}. The largest t of a site is taken out first.
#include "boltzmann_kernels.h"

#ifndef NAME
#define BOLTZMANN_SOURCE "categorical.c"
#include "for_each_instruction_set.h"
#else
#include "elementary.h"
#include "philox.h"
#include <math.h>

/// e[k] = e^{t_k − top} for the states of a site; returns top.
static inline float NAME(site_exponentials)(const float *x, const float *bias, float scale, size_t states,
                                            float *e) {
  float top = -INFINITY;
  for (size_t k = 0; k < states; k++) {
    float t = scale * (x[k] + bias[k]);
    top = t > top ? t : top;
  }
  for (size_t k = 0; k < states; k++) {
    float t = scale * (x[k] + bias[k]);
    e[k] = NAME(exp_nonpositive)(t == top ? 0.0f : t - top);
  }
  return top;
}

static inline float NAME(site_sum)(const float *e, size_t states) {
  float sum = 0;
  for (size_t k = 0; k < states; k++) sum += e[k];
  return sum;
}

void NAME(categorical_means)(const float *inputs, size_t inputs_stride, const float *bias,
                             const uint32_t *sites, size_t count, float scale, float *out, size_t out_stride,
                             size_t rows) {
  for (size_t r = 0; r < rows; r++)
    for (size_t s = 0; s < count; s++) {
      size_t first = sites[s], states = sites[s + 1] - first;
      float *e = out + r * out_stride + first;
      NAME(site_exponentials)(inputs + r * inputs_stride + first, bias + first, scale, states, e);
      float factor = 1.0f / NAME(site_sum)(e, states);
      for (size_t k = 0; k < states; k++) e[k] *= factor;
    }
}

void NAME(categorical_sample)(const float *inputs, size_t inputs_stride, const float *bias,
                              const uint32_t *sites, size_t count, float scale, float *means,
                              size_t means_stride, float *states, size_t states_stride, size_t rows,
                              boltzmann_random random, const uint64_t *row_ids) {
  for (size_t r = 0; r < rows; r++)
    for (size_t s = 0; s < count; s++) {
      size_t first = sites[s], width = sites[s + 1] - first, chosen = 0;
      float *e = states + r * states_stride + first;
      uint32_t words[BOLTZMANN_WORDS];
      NAME(philox_words)(random, row_ids[r], s / BOLTZMANN_WORDS * (BOLTZMANN_WORDS / 4), words);
      NAME(site_exponentials)(inputs + r * inputs_stride + first, bias + first, scale, width, e);
      float total = NAME(site_sum)(e, width), sum = 0;
      float u = (float)words[s % BOLTZMANN_WORDS] * 0x1p-32f + 0x1p-33f;
      float threshold = (u < 1.0f ? u : 1.0f - 0x1p-24f) * total;
      for (size_t k = 0; k < width; k++) chosen += (sum += e[k]) <= threshold;
      for (size_t k = 0; k < width; k++) {
        if (means) means[r * means_stride + first + k] = e[k] * (1.0f / total);
        e[k] = k == chosen;
      }
    }
}

void NAME(categorical_log_normalizers)(const float *inputs, size_t inputs_stride, const float *bias,
                                       const uint32_t *sites, size_t count, float scale, double *sums,
                                       size_t rows) {
  for (size_t r = 0; r < rows; r++)
    for (size_t s = 0; s < count; s++) {
      const float *x = inputs + r * inputs_stride, *b = bias;
      float top = -INFINITY;
      for (size_t k = sites[s]; k < sites[s + 1]; k++)
        top = scale * (x[k] + b[k]) > top ? scale * (x[k] + b[k]) : top;
      double sum = 0;
      for (size_t k = sites[s]; k < sites[s + 1]; k++) {
        float t = scale * (x[k] + b[k]);
        sum += NAME(exp_nonpositive)(t == top ? 0.0f : t - top);
      }
      sums[r] += top + log(sum);
    }
}
#endif
