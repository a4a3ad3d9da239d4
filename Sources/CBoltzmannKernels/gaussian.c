// Gaussian units: energy ½γx² − tx with t = scale·(input + bias), so mean t/γ and variance 1/γ.
// Kernels go down strips of 64 columns, whose 1/γ and 1/√γ are the same for all rows.
#include "boltzmann_kernels.h"

#ifndef NAME
#define BOLTZMANN_SOURCE "gaussian.c"
#include "for_each_instruction_set.h"
#else
#include "elementary.h"
#include "philox.h"
#include <math.h>

/// The means of `width` ≤ 64 units next to each other.
static inline void NAME(gaussian_strip)(const float *x, const float *bias, const float *inverse, float scale,
                                        size_t width, float *mean) {
#pragma clang loop vectorize(assume_safety) vectorize_width(LANES)
  for (size_t i = 0; i < width; i++) mean[i] = scale * (x[i] + bias[i]) * inverse[i];
}

static inline size_t NAME(strip_width)(size_t columns, size_t begin) {
  return columns - begin < BOLTZMANN_WORDS ? columns - begin : BOLTZMANN_WORDS;
}

void NAME(gaussian_means)(const float *inputs, size_t inputs_stride, const float *bias,
                          const float *precision, float scale, float *out, size_t out_stride, size_t rows,
                          size_t columns) {
  for (size_t j = 0; j < columns; j += BOLTZMANN_WORDS) {
    size_t width = NAME(strip_width)(columns, j);
    float inverse[BOLTZMANN_WORDS];
    for (size_t i = 0; i < width; i++) inverse[i] = 1.0f / precision[j + i];
    for (size_t r = 0; r < rows; r++)
      NAME(gaussian_strip)(inputs + r * inputs_stride + j, bias + j, inverse, scale, width,
                           out + r * out_stride + j);
  }
}

/// Standard normal variables of pairs of units (Box & Muller 1958): radius √(−2·log u) by the first word,
/// angle 2πv by the second. The angle is a number of quarter turns and a rest of at most an eighth of one turn
/// (Cephes' sine and cosine there); both come from the word's own bits.
static inline void NAME(normals_of)(const uint32_t words[BOLTZMANN_WORDS], float z[BOLTZMANN_WORDS]) {
#pragma clang loop vectorize(assume_safety) vectorize_width(LANES)
  for (size_t i = 0; i < BOLTZMANN_WORDS / 2; i++) {
    float radius = NAME(square_root)(2.0f * NAME(exponential_of)(words[2 * i]));
    uint32_t turns = words[2 * i + 1], quarter = (turns + 0x20000000u) >> 30;
    float rest = ((float)(int32_t)(turns - (quarter << 30)) + 0.5f) * 1.46291807926715968e-9f; // 2π·2⁻³²
    float square = rest * rest;
    float sine = ((-1.9515295891e-4f * square + 8.3321608736e-3f) * square - 1.6666654611e-1f) * square;
    float cosine = (2.443315711809948e-5f * square - 1.388731625493765e-3f) * square + 4.166664568298827e-2f;
    sine = radius * (sine * rest + rest);
    cosine = radius * (cosine * (square * square) - 0.5f * square + 1.0f);
    float first = quarter & 1 ? sine : cosine, second = quarter & 1 ? cosine : sine;
    z[2 * i] = (quarter + 1) & 2 ? -first : first;
    z[2 * i + 1] = quarter & 2 ? -second : second;
  }
}

void NAME(gaussian_sample)(const float *inputs, size_t inputs_stride, const float *bias,
                           const float *precision, float scale, float *means, size_t means_stride,
                           float *states, size_t states_stride, size_t rows, size_t columns,
                           boltzmann_random random, const uint64_t *row_ids) {
  for (size_t j = 0; j < columns; j += BOLTZMANN_WORDS) {
    size_t width = NAME(strip_width)(columns, j);
    float inverse[BOLTZMANN_WORDS], deviation[BOLTZMANN_WORDS], unused[BOLTZMANN_WORDS], z[BOLTZMANN_WORDS];
    for (size_t i = 0; i < width; i++) {
      inverse[i] = 1.0f / precision[j + i];
      deviation[i] = 1.0f / NAME(square_root)(precision[j + i]);
    }
    for (size_t r = 0; r < rows; r++) {
      uint32_t words[BOLTZMANN_WORDS];
      float *mean = means ? means + r * means_stride + j : unused, *state = states + r * states_stride + j;
      NAME(philox_words)(random, row_ids[r], j / 4, words);
      NAME(normals_of)(words, z);
      NAME(gaussian_strip)(inputs + r * inputs_stride + j, bias + j, inverse, scale, width, mean);
#pragma clang loop vectorize(assume_safety) vectorize_width(LANES)
      for (size_t i = 0; i < width; i++) state[i] = mean[i] + z[i] * deviation[i];
    }
  }
}

/// Σ_j t²/γ in double: squares of Floats overflow a Float beyond 1.8e19.
static inline double NAME(gaussian_squares)(const float *x, const float *bias, const float *precision,
                                            float scale, size_t columns) {
  double lanes[16] = {0}, sum = 0;
  size_t j = 0;
  for (; j + 16 <= columns; j += 16)
#pragma clang loop vectorize_width(LANES)
    for (int l = 0; l < 16; l++) {
      float t = scale * (x[j + l] + bias[j + l]);
      lanes[l] += (double)t * (t / precision[j + l]);
    }
  for (; j < columns; j++) {
    float t = scale * (x[j] + bias[j]);
    sum += (double)t * (t / precision[j]);
  }
  for (int l = 0; l < 16; l++) sum += lanes[l];
  return sum;
}

void NAME(gaussian_log_normalizers)(const float *inputs, size_t inputs_stride, const float *bias,
                                    const float *precision, float scale, double *sums, size_t rows,
                                    size_t columns) {
  double widths = 0; // Σ_j log(2π/γ), the same for every row
  for (size_t j = 0; j < columns; j++) widths += log(6.283185307179586 / precision[j]);
  for (size_t r = 0; r < rows; r++)
    sums[r] += 0.5 * widths + 0.5 * NAME(gaussian_squares)(inputs + r * inputs_stride, bias, precision, scale,
                                                           columns);
}
#endif
