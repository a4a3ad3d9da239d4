// Products with operands that are one-hot and mostly missing: rows of the other operand, selected by lists.
//
// A list holds the numbers of the rows that are 1. `selected_rows.c` finds such lists in dense states; here they are
// what there is: a case with 100 ratings of 20,000 sites of 5 levels is a list of 100 numbers below 100,000, and
// costs 100 rows. Rows of w and out are read and written in whole vectors of 16 columns: padded up to that.
#include "boltzmann_kernels.h"
#include <stdbool.h>

#ifndef NAME
#define BOLTZMANN_SOURCE "listed_rows.c"
#include "for_each_instruction_set.h"
#else
#include "elementary.h"
#include "philox.h"
#include <math.h>

#ifndef BOLTZMANN_LISTED_TYPES
#define BOLTZMANN_LISTED_TYPES
typedef float boltzmann_listed_floats __attribute__((vector_size(64), aligned(4)));
enum { BAND = 4, MOST_LEVELS = 256, EXPONENTIALS = 1024 };

/// Cases of a site, sorted by level: those of level k are list[begin[k]] … list[begin[k + 1] − 1].
typedef struct {
  const uint32_t *list, *begin;
} boltzmann_by_level;
#endif

#define INLINE static inline __attribute__((always_inline))

/// sums += or −= Σ_l w[list[l]], over 16·vectors columns.
INLINE void NAME(add_list)(boltzmann_listed_floats *sums, const uint32_t *list, size_t count, const float *w,
                           size_t w_stride, int vectors, bool subtract) {
  for (size_t l = 0; l < count; l++) {
    const float *row = w + list[l] * w_stride;
    for (int v = 0; v < vectors; v++) {
      boltzmann_listed_floats x = *(const boltzmann_listed_floats *)(row + 16 * v);
      sums[v] = subtract ? sums[v] - x : sums[v] + x;
    }
  }
}

INLINE void NAME(sum_band)(const uint32_t *list, size_t count, const float *w, size_t w_stride, float *out,
                           int vectors, bool keep) {
  boltzmann_listed_floats sums[BAND] = {{0}};
  if (keep)
    for (int v = 0; v < vectors; v++) sums[v] = *(const boltzmann_listed_floats *)(out + 16 * v);
  NAME(add_list)(sums, list, count, w, w_stride, vectors, false);
  for (int v = 0; v < vectors; v++) *(boltzmann_listed_floats *)(out + 16 * v) = sums[v];
}

/// Calls `band(vectors, j)` for bands of up to four vectors from column j on; their number is then known.
#define FOR_BANDS(columns, band)                                                                             \
  for (size_t j = 0; j < (columns); j += 16 * BAND) {                                                        \
    size_t left = ((columns) - j + 15) / 16;                                                                 \
    if (left >= 4) band(4, j);                                                                               \
    else if (left == 3) band(3, j);                                                                          \
    else if (left == 2) band(2, j);                                                                          \
    else band(1, j);                                                                                         \
  }

void NAME(listed_row_sums)(const uint32_t *list, size_t count, const float *w, size_t w_stride, float *out,
                           size_t columns, int keep) {
#define SUM_BAND(vectors, j) NAME(sum_band)(list, count, w + j, w_stride, out + j, vectors, keep != 0)
  FOR_BANDS(columns, SUM_BAND)
#undef SUM_BAND
}

INLINE float NAME(listed_lane_sum)(const boltzmann_listed_floats *x) {
  boltzmann_listed_floats a = *x;
  a += __builtin_shufflevector(a, a, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  a += __builtin_shufflevector(a, a, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
  return (a[0] + a[2]) + (a[1] + a[3]);
}

/// t[k] = bias[k] + Σ_j h[j]·w[k][j]; returns the largest.
INLINE float NAME(level_inputs)(const float *w, size_t w_stride, const float *bias, const float *h,
                                size_t columns, size_t levels, float *t) {
  float top = -INFINITY;
  for (size_t k = 0; k < levels; k++) {
    boltzmann_listed_floats sum = {0};
    for (size_t j = 0; j < columns; j += 16)
      sum += *(const boltzmann_listed_floats *)(h + j) *
             *(const boltzmann_listed_floats *)(w + k * w_stride + j);
    t[k] = bias[k] + NAME(listed_lane_sum)(&sum);
    top = t[k] > top ? t[k] : top;
  }
  return top;
}

/// The first level whose cumulative sum is above u times the whole, u = (word + ½)·2⁻³².
INLINE uint32_t NAME(choose_level)(const float *e, uint32_t word, size_t levels) {
  float whole = 0, sum = 0;
  for (size_t k = 0; k < levels; k++) whole += e[k];
  float threshold = NAME(uniform_of)(word) * whole;
  uint32_t chosen = 0;
  for (size_t k = 0; k + 1 < levels; k++) chosen += (sum += e[k]) <= threshold;
  return chosen;
}

size_t NAME(listed_level_draws)(const uint32_t *list, size_t count, size_t levels, const float *w,
                              size_t w_stride, const float *bias, const float *h, size_t columns,
                              uint32_t *drawn, boltzmann_random random, uint64_t row) {
  float e[EXPONENTIALS];
  uint32_t words[BOLTZMANN_WORDS];
  size_t together = EXPONENTIALS / levels, changes = 0;
  for (size_t begin = 0; begin < count; begin += BOLTZMANN_WORDS) {
    size_t end = begin + BOLTZMANN_WORDS < count ? begin + BOLTZMANN_WORDS : count;
    NAME(philox_words)(random, row, begin / 4, words);
    for (size_t l = begin; l < end; l += together) {
      size_t some = end - l < together ? end - l : together;
      for (size_t s = 0; s < some; s++) {
        size_t first = list[l + s] - list[l + s] % levels;
        float *t = e + s * levels;
        float top = NAME(level_inputs)(w + first * w_stride, w_stride, bias + first, h, columns, levels, t);
        for (size_t k = 0; k < levels; k++) t[k] -= top;
      }
#pragma clang loop vectorize(assume_safety) vectorize_width(LANES)
      for (size_t i = 0; i < some * levels; i++) e[i] = NAME(exp_nonpositive)(e[i]);
      for (size_t s = 0; s < some; s++) {
        uint32_t old = list[l + s], first = old - old % (uint32_t)levels;
        drawn[l + s] = first + NAME(choose_level)(e + s * levels, words[l + s - begin], levels);
        changes += drawn[l + s] != old;
      }
    }
  }
  return changes;
}

/// Sorts the cases of some entries by the level that `rows` gives each of them.
INLINE boltzmann_by_level NAME(sort_by_level)(const uint32_t *entries, size_t count, const uint32_t *cases,
                                              const uint32_t *rows, uint32_t first, size_t levels,
                                              uint32_t *sorted, uint32_t *begin) {
  for (size_t k = 0; k <= levels; k++) begin[k] = 0;
  for (size_t i = 0; i < count; i++) begin[rows[entries[i]] - first]++;
  uint32_t end = 0;
  for (size_t k = 0; k <= levels; k++) begin[k] = end += begin[k];
  for (size_t i = count; i-- > 0;) sorted[--begin[rows[entries[i]] - first]] = cases[entries[i]];
  return (boltzmann_by_level){sorted, begin};
}

INLINE uint32_t NAME(count_of)(boltzmann_by_level cases, size_t k) { return cases.begin[k + 1] - cases.begin[k]; }

/// Moves 16·vectors weights by g = Σ a − Σ b over the cases of level k, still in registers.
INLINE void NAME(step_band)(boltzmann_by_level added, boltzmann_by_level taken, size_t k, const float *a,
                            size_t a_stride, const float *b, size_t b_stride, float *weights, float *velocity,
                            boltzmann_update update, boltzmann_listed_floats *squares, int vectors) {
  boltzmann_listed_floats sums[BAND] = {{0}};
  NAME(add_list)(sums, added.list + added.begin[k], NAME(count_of)(added, k), a, a_stride, vectors, false);
  NAME(add_list)(sums, taken.list + taken.begin[k], NAME(count_of)(taken, k), b, b_stride, vectors, true);
  for (int v = 0; v < vectors; v++) {
    boltzmann_listed_floats w = *(boltzmann_listed_floats *)(weights + 16 * v);
    boltzmann_listed_floats step = update.rate * (sums[v] - update.l2 * w) +
                                   update.momentum * *(boltzmann_listed_floats *)(velocity + 16 * v);
    *(boltzmann_listed_floats *)(velocity + 16 * v) = step;
    *(boltzmann_listed_floats *)(weights + 16 * v) = w + step;
    *squares += step * step;
  }
}

/// Moves a row of weights for each level; returns Σ velocity².
INLINE float NAME(step_rows)(const boltzmann_listed_means *means, boltzmann_by_level added, boltzmann_by_level taken,
                             size_t levels, boltzmann_moving_rows rows, boltzmann_update update) {
  boltzmann_listed_floats squares = {0};
  for (size_t k = 0; k < levels; k++) {
    float *w = rows.weights + k * rows.stride, *velocity = rows.velocity + k * rows.velocity_stride;
#define STEP_BAND(vectors, j)                                                                                \
  NAME(step_band)(added, taken, k, means->before + j, means->before_stride, means->after + j,                \
                  means->after_stride, w + j, velocity + j, update, &squares, vectors)
    FOR_BANDS(means->columns, STEP_BAND)
#undef STEP_BAND
  }
  return NAME(listed_lane_sum)(&squares);
}

double NAME(listed_site_step)(boltzmann_listed_means means, const uint32_t *entries, size_t count,
                              const uint32_t *cases, const uint32_t *before, const uint32_t *after, uint32_t first,
                              size_t levels, boltzmann_moving_rows rows, float *bias, float *bias_velocity,
                              boltzmann_update update, uint32_t *sorted) {
  uint32_t begin[2 * (MOST_LEVELS + 1)];
  boltzmann_by_level added = NAME(sort_by_level)(entries, count, cases, before, first, levels, sorted, begin);
  boltzmann_by_level taken = NAME(sort_by_level)(entries, count, cases, after, first, levels, sorted + count,
                                                 begin + MOST_LEVELS + 1);
  double squares = NAME(step_rows)(&means, added, taken, levels, rows, update);
  for (size_t k = 0; bias && k < levels; k++) {
    float more = (float)NAME(count_of)(added, k) - (float)NAME(count_of)(taken, k);
    bias_velocity[k] = update.momentum * bias_velocity[k] + update.rate * more;
    bias[k] += bias_velocity[k];
    squares += (double)bias_velocity[k] * bias_velocity[k];
  }
  return squares;
}
#undef FOR_BANDS
#undef INLINE
#endif
