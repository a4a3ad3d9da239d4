// Draws of one unit in many chains at once, given all other units: the step of single-site Gibbs sampling.
// States lie unit by unit, `units × chains`, so that chains fill the vectors whatever the couplings are.
#include "boltzmann_kernels.h"

#ifndef NAME
#define BOLTZMANN_SOURCE "site_draw.c"
#include "for_each_instruction_set.h"
#else
#include "elementary.h"
#include "philox.h"

/// input[c] = field[c] + Σ_j coupling[j]·states[j][c]: two sums, of the even and of the odd j, so that additions
/// need not wait for each other. The order is the same for every chain and every width.
static inline __attribute__((always_inline)) void NAME(site_inputs)(const float *coupling, const float *field,
                                                                    const float *states, size_t stride,
                                                                    size_t units, size_t width, float *input) {
  float even[BOLTZMANN_WORDS], odd[BOLTZMANN_WORDS];
  size_t j = 0;
  for (size_t c = 0; c < width; c++) even[c] = field[c], odd[c] = 0;
  for (; j + 2 <= units; j += 2) {
    const float *first = states + j * stride, *second = first + stride;
    for (size_t c = 0; c < width; c++) even[c] += coupling[j] * first[c];
    for (size_t c = 0; c < width; c++) odd[c] += coupling[j + 1] * second[c];
  }
  for (size_t c = 0; j < units && c < width; c++) even[c] += coupling[j] * states[j * stride + c];
  for (size_t c = 0; c < width; c++) input[c] = even[c] + odd[c];
}

/// out[c] = high or low; returns how many differ from what was there.
static inline __attribute__((always_inline)) size_t NAME(site_states)(const float *input, float low, float high,
                                                                      float *out, size_t width,
                                                                      const uint32_t *words) {
  uint32_t changes = 0;
#pragma clang loop vectorize(assume_safety) vectorize_width(LANES)
  for (size_t c = 0; c < width; c++) {
    float mean = NAME(logistic_of)((high - low) * input[c]);
    float inside = mean < 1.0f ? mean : 0.0f; // as in bernoulli.c
    uint32_t is_on = (words[c] < (uint32_t)(inside * 4294967296.0f)) | (mean >= 1.0f);
    float state = is_on ? high : low;
    changes += state != out[c];
    out[c] = state;
  }
  return changes;
}

size_t NAME(site_draw)(const float *coupling, const float *field, const float *states, size_t stride,
                       size_t units, float low, float high, float *out, size_t chains, boltzmann_random random,
                       uint64_t site) {
  size_t changes = 0;
  for (size_t c = 0; c < chains; c += BOLTZMANN_WORDS) {
    uint32_t words[BOLTZMANN_WORDS];
    float input[BOLTZMANN_WORDS];
    NAME(philox_words)(random, site, c / 4, words);
    if (chains - c >= BOLTZMANN_WORDS) { // a constant width stays in registers
      NAME(site_inputs)(coupling, field + c, states + c, stride, units, BOLTZMANN_WORDS, input);
      changes += NAME(site_states)(input, low, high, out + c, BOLTZMANN_WORDS, words);
    } else {
      NAME(site_inputs)(coupling, field + c, states + c, stride, units, chains - c, input);
      changes += NAME(site_states)(input, low, high, out + c, chains - c, words);
    }
  }
  return changes;
}
#endif
