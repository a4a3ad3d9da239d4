// Bernoulli draws from counter-based random words: fused with bias and logistic, or from given means.
// A state is 1 where its 32-bit word < ⌊p·2³²⌋; p ≥ 1 is always on (2³² itself does not fit in 32 bits).
#include "boltzmann_kernels.h"

#ifndef NAME
#define BOLTZMANN_SOURCE "bernoulli.c"
#include "for_each_instruction_set.h"

float boltzmann_bernoulli_reference(float mean, uint32_t word) {
  if (mean >= 1.0f) return 1.0f;
  if (!(mean > 0.0f)) return 0.0f;
  uint64_t threshold = (uint64_t)((double)mean * 4294967296.0);
  return word < threshold ? 1.0f : 0.0f;
}

#else
#include "elementary.h"
#include "philox.h"

static inline uint32_t NAME(is_on)(float mean, uint32_t word) {
  // In range for every mean in [0, 1): the largest Float below 1 gives 2³² − 2⁸.
  float inside = mean < 1.0f ? mean : 0.0f;
  uint32_t threshold = (uint32_t)(inside * 4294967296.0f);
  return (word < threshold) | (mean >= 1.0f);
}

/// The next `width` ≤ 64 units of a row: their random words first, then one vectorised pass over them.
static inline __attribute__((always_inline)) uint32_t
NAME(sample_units)(const float *x, const float *bias, float scale, float *p, float *state, size_t width,
                   const uint32_t *words) {
  uint32_t on = 0;
#pragma clang loop vectorize(assume_safety) vectorize_width(LANES) interleave_count(2)
  for (size_t i = 0; i < width; i++) {
    float mean = NAME(logistic_of)(scale * (x[i] + bias[i]));
    uint32_t is_on = NAME(is_on)(mean, words[i]);
    p[i] = mean;
    state[i] = (float)(int32_t)is_on;
    on += is_on;
  }
  return on;
}

size_t NAME(bernoulli_sample)(const float *inputs, size_t inputs_stride, const float *bias, float scale,
                              float *means, size_t means_stride, float *states, size_t states_stride,
                              size_t rows, size_t columns, boltzmann_random random,
                              const uint64_t *row_ids) {
  size_t on = 0;
  for (size_t r = 0; r < rows; r++) {
    const float *x = inputs + r * inputs_stride;
    float *state = states + r * states_stride;
    for (size_t j = 0; j < columns; j += BOLTZMANN_WORDS) {
      uint32_t words[BOLTZMANN_WORDS];
      float unused[BOLTZMANN_WORDS], *p = means ? means + r * means_stride + j : unused;
      NAME(philox_words)(random, row_ids[r], j / 4, words);
      if (columns - j >= BOLTZMANN_WORDS) // a constant width unrolls
        on += NAME(sample_units)(x + j, bias + j, scale, p, state + j, BOLTZMANN_WORDS, words);
      else on += NAME(sample_units)(x + j, bias + j, scale, p, state + j, columns - j, words);
    }
  }
  return on;
}

void NAME(bernoulli_draw)(const float *means, size_t means_stride, float *states, size_t states_stride,
                          size_t rows, size_t columns, boltzmann_random random, const uint64_t *row_ids) {
  for (size_t r = 0; r < rows; r++) {
    const float *p = means + r * means_stride;
    float *state = states + r * states_stride;
    for (size_t j = 0; j < columns; j += BOLTZMANN_WORDS) {
      uint32_t words[BOLTZMANN_WORDS];
      size_t width = columns - j < BOLTZMANN_WORDS ? columns - j : BOLTZMANN_WORDS;
      NAME(philox_words)(random, row_ids[r], j / 4, words);
      for (size_t i = 0; i < width; i++) {
        float mean = p[j + i] > 0.0f ? p[j + i] : 0.0f; // no threshold is defined below 0
        state[j + i] = (float)(int32_t)NAME(is_on)(mean, words[i]);
      }
    }
  }
}

void NAME(random_words)(boltzmann_random random, uint64_t row, uint32_t *words, size_t count) {
  for (size_t i = 0; i < count; i += BOLTZMANN_WORDS) {
    uint32_t block[BOLTZMANN_WORDS];
    size_t width = count - i < BOLTZMANN_WORDS ? count - i : BOLTZMANN_WORDS;
    NAME(philox_words)(random, row, i / 4, block);
    __builtin_memcpy(words + i, block, width * sizeof(uint32_t));
  }
}
#endif
