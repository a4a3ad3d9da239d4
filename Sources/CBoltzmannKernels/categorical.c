// Categorical units: the columns of a site are its states, of which exactly one is 1.
// t = scale·(input + bias); P(state k) = e^{t_k}/Σ_l e^{t_l}, the largest t of a site being taken out first.
//
// Sites have few states, so that what can be done column by column, whichever site it belongs to, is done so,
// for up to 64 sites (as many as there are random words) at a time.
#include "boltzmann_kernels.h"

#ifndef NAME
#define BOLTZMANN_SOURCE "categorical.c"
#include "for_each_instruction_set.h"
#else
#include "elementary.h"
#include "philox.h"
#include <math.h>

/// Calls `site` with the number of states, as one that the compiler knows where it is small.
#define FOR_STATES(states, site)                                                                             \
  switch (states) {                                                                                          \
  case 2: site(2); break;                                                                                    \
  case 3: site(3); break;                                                                                    \
  case 4: site(4); break;                                                                                    \
  case 5: site(5); break;                                                                                    \
  default: site(states);                                                                                     \
  }

static inline float NAME(larger)(float a, float b) {
  return a > b ? a : b;
}

/// t[k] − top for the states of a site, 0 for the largest also where it is infinite; returns top. By fours here
/// and below, so that not every state has to wait for the one before.
static inline __attribute__((always_inline)) float NAME(take_top)(float *t, size_t states) {
  float top = -INFINITY;
  size_t k = 0;
  for (; k + 4 <= states; k += 4)
    top = NAME(larger)(NAME(larger)(NAME(larger)(t[k], t[k + 1]), NAME(larger)(t[k + 2], t[k + 3])), top);
  for (; k < states; k++) top = NAME(larger)(t[k], top);
#pragma clang loop vectorize(enable) vectorize_width(4) interleave_count(1)
  for (k = 0; k < states; k++) t[k] = t[k] == top ? 0.0f : t[k] - top;
  return top;
}

/// e[j] = e^{t_j − top of j's site} for the columns of some sites; x, bias and e start at column sites[0].
/// The tops are added to `tops` where it is not NULL.
static inline void NAME(site_exponentials)(const float *x, const float *bias, const uint32_t *sites,
                                           size_t count, float scale, float *e, double *tops) {
  size_t begin = sites[0], columns = sites[count] - begin;
#pragma clang loop vectorize(assume_safety) vectorize_width(LANES)
  for (size_t j = 0; j < columns; j++) e[j] = scale * (x[j] + bias[j]);
  for (size_t s = 0; s < count; s++) {
    float *t = e + (sites[s] - begin), top = 0;
    size_t states = sites[s + 1] - sites[s];
#define TAKE_TOP(states) top = NAME(take_top)(t, states)
    FOR_STATES(states, TAKE_TOP)
#undef TAKE_TOP
    if (tops) *tops += top;
  }
#pragma clang loop vectorize(assume_safety) vectorize_width(LANES)
  for (size_t j = 0; j < columns; j++) e[j] = NAME(exp_nonpositive)(e[j]);
}

static inline __attribute__((always_inline)) float NAME(site_sum)(const float *e, size_t states) {
  float sum = 0;
  size_t k = 0;
  for (; k + 4 <= states; k += 4) sum += (e[k] + e[k + 1]) + (e[k + 2] + e[k + 3]);
  for (; k < states; k++) sum += e[k];
  return sum;
}

static inline __attribute__((always_inline)) void NAME(normalize)(const float *e, float *p, size_t states) {
  float factor = 1.0f / NAME(site_sum)(e, states);
#pragma clang loop vectorize(assume_safety) vectorize_width(LANES) interleave_count(1)
  for (size_t k = 0; k < states; k++) p[k] = factor * e[k];
}

/// One state: the first whose cumulative sum is above u times the whole. u = (word + ½)·2⁻³², rounded so that
/// it is neither so small nor so large that a state of probability 0 could be meant.
static inline __attribute__((always_inline)) void NAME(choose)(float *e, uint32_t word, size_t states) {
  float u = NAME(uniform_of)(word), sum = 0;
  float threshold = (u < 1.0f ? u : 1.0f - 0x1p-24f) * NAME(site_sum)(e, states);
  uint32_t chosen = 0;
  size_t k = 0;
  for (; k + 4 <= states; k += 4) {
    float two = e[k] + e[k + 1], four = two + (e[k + 2] + e[k + 3]);
    chosen += (sum + e[k] <= threshold) + (sum + two <= threshold);
    chosen += (sum + (two + e[k + 2]) <= threshold) + (sum + four <= threshold);
    sum += four;
  }
  for (; k < states; k++) chosen += (sum += e[k]) <= threshold;
#pragma clang loop vectorize(enable) vectorize_width(4) interleave_count(1)
  for (uint32_t i = 0; i < states; i++) e[i] = i == chosen ? 1.0f : 0.0f;
}

void NAME(categorical_means)(const float *inputs, size_t inputs_stride, const float *bias,
                             const uint32_t *sites, size_t count, float scale, float *out, size_t out_stride,
                             size_t rows) {
  for (size_t r = 0; r < rows; r++) {
    float *p = out + r * out_stride;
    NAME(site_exponentials)(inputs + r * inputs_stride, bias, sites, count, scale, p, NULL);
    for (size_t s = 0; s < count; s++) {
      float *e = p + sites[s];
      size_t states = sites[s + 1] - sites[s];
#define NORMALIZE(states) NAME(normalize)(e, e, states)
      FOR_STATES(states, NORMALIZE)
#undef NORMALIZE
    }
  }
}

void NAME(categorical_sample)(const float *inputs, size_t inputs_stride, const float *bias,
                              const uint32_t *sites, size_t count, float scale, float *means,
                              size_t means_stride, float *states, size_t states_stride, size_t rows,
                              boltzmann_random random, const uint64_t *row_ids) {
  for (size_t r = 0; r < rows; r++)
    for (size_t first = 0; first < count; first += BOLTZMANN_WORDS) {
      size_t some = count - first < BOLTZMANN_WORDS ? count - first : BOLTZMANN_WORDS, begin = sites[first];
      uint32_t words[BOLTZMANN_WORDS];
      NAME(philox_words)(random, row_ids[r], first / 4, words);
      NAME(site_exponentials)(inputs + r * inputs_stride + begin, bias + begin, sites + first, some, scale,
                              states + r * states_stride + begin, NULL);
      for (size_t s = 0; s < some; s++) {
        float *e = states + r * states_stride + sites[first + s];
        float *p = means ? means + r * means_stride + sites[first + s] : NULL;
        size_t width = sites[first + s + 1] - sites[first + s];
#define CHOOSE(states) (p ? NAME(normalize)(e, p, states) : (void)0, NAME(choose)(e, words[s], states))
        FOR_STATES(width, CHOOSE)
#undef CHOOSE
      }
    }
}

enum { NAME(scratch) = 1024 };

/// Σ_s log Σ_k e^{t_k} over sites whose columns fit into the scratch, one logarithm for many: a site's sum of
/// e^{t − top} is between 1 and 1,024, so that a product below 2¹⁰⁰⁰ has room for one more.
static inline double NAME(log_sums)(const float *x, const float *bias, const uint32_t *sites, size_t count,
                                    float scale) {
  float e[NAME(scratch)];
  double sum = 0, product = 1;
  NAME(site_exponentials)(x, bias, sites, count, scale, e, &sum);
  for (size_t s = 0; s < count; s++) {
    product *= NAME(site_sum)(e + (sites[s] - sites[0]), sites[s + 1] - sites[s]);
    if (product > 0x1p1000) sum += log(product), product = 1;
  }
  return sum + log(product);
}

/// The same for one site of any size.
static inline double NAME(wide_log_sum)(const float *x, const float *bias, size_t states, float scale) {
  double top = -INFINITY, sum = 0;
  for (size_t begin = 0; begin < states; begin += NAME(scratch)) {
    size_t width = states - begin < NAME(scratch) ? states - begin : NAME(scratch);
    const uint32_t piece[2] = {0, (uint32_t)width};
    double term = NAME(log_sums)(x + begin, bias + begin, piece, 1, scale), larger = term > top ? term : top;
    if (!isinf(larger) || isnan(term)) sum = sum * exp(top - larger) + exp(term - larger);
    top = larger;
  }
  return isinf(top) && !isnan(sum) ? top : top + log(sum);
}

void NAME(categorical_log_normalizers)(const float *inputs, size_t inputs_stride, const float *bias,
                                       const uint32_t *sites, size_t count, float scale, double *sums,
                                       size_t rows) {
  for (size_t r = 0; r < rows; r++)
    for (size_t s = 0, next; s < count; s = next) {
      const float *x = inputs + r * inputs_stride + sites[s], *b = bias + sites[s];
      for (next = s + 1; next < count && sites[next + 1] - sites[s] <= NAME(scratch);) next++;
      size_t columns = sites[next] - sites[s];
      sums[r] += columns > NAME(scratch) ? NAME(wide_log_sum)(x, b, columns, scale)
                                         : NAME(log_sums)(x, b, sites + s, next - s, scale);
    }
}
#endif
