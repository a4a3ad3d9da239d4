// Rectified units: x ≥ 0 with energy ½γx² − tx, t = scale·(input + bias), a normal variable cut off below 0.
//
// With a = −t/√γ, s = x√γ has density ∝ e^{−(a + s)²/2} on s ≥ 0. Let φ and Q be density and upper tail of a
// standard normal variable, h = φ/Q its hazard and m = h(a) − a (R = 1/h is Mills' ratio):
//
//   mean of s  m        variance  1 − m·h        log-normaliser  log(1/h(a)) − ½·log γ
//
// For a ≥ 0 they come from fits of m and of the variance, for a < 0 from h(a) = φ(a)/(1 − Q(|a|)): nothing
// cancels. Kernels go down strips of 64 columns, whose 1/√γ are the same for all rows.
#include "boltzmann_kernels.h"

#ifndef NAME
#define BOLTZMANN_SOURCE "rectified.c"
#include "for_each_instruction_set.h"
#else
#include "elementary.h"
#include "philox.h"
#include <math.h>

/// m(y) = h(y) − y for y ≥ 0, from √(2/π) down to 1/y: t·P(2t − 1) with t = 3/(3 + y), P the minimax fit of
/// degree 11, good to 9e−8 of itself with Float coefficients.
static inline float NAME(hazard_excess)(float y) {
  float t = 3.0f / (3.0f + y), x = 2.0f * t - 1.0f;
  float p = -0.000284005975f;
  p = p * x + 3.88093613e-05f;
  p = p * x + 0.00170448329f;
  p = p * x - 0.000496403722f;
  p = p * x - 0.00591619452f;
  p = p * x + 0.00263987994f;
  p = p * x + 0.0181512814f;
  p = p * x - 0.00849280413f;
  p = p * x - 0.0618926622f;
  p = p * x + 0.00572215626f;
  p = p * x + 0.280512691f;
  p = p * x + 0.566197276f;
  return t * p;
}

/// 1 − m(y)·h(y) for y ≥ 0, from 1 − 2/π down to 1/y²: t²·P(2t − 1), degree 13, good to 1.3e−7.
static inline float NAME(variance_fit)(float y) {
  float t = 3.0f / (3.0f + y), x = 2.0f * t - 1.0f;
  float p = 0.00027962646f;
  p = p * x + 0.000390530011f;
  p = p * x - 0.0017943877f;
  p = p * x - 0.00193807867f;
  p = p * x + 0.00632481789f;
  p = p * x + 0.00464410242f;
  p = p * x - 0.0172262583f;
  p = p * x - 0.00809634384f;
  p = p * x + 0.0415671803f;
  p = p * x + 0.016185239f;
  p = p * x - 0.0938391387f;
  p = p * x - 0.0561764836f;
  p = p * x + 0.190822735f;
  p = p * x + 0.282236725f;
  return t * t * p;
}

/// What everything is made of: y = |a|, m(y), φ(a), Q(y), and h(a), m(a) on either side of 0.
typedef struct {
  float y, density, tail, hazard, excess;
} NAME(truncation);

static inline NAME(truncation) NAME(truncate)(float a) {
  NAME(truncation) at;
  at.y = NAME(absolute)(a);
  float fit = NAME(hazard_excess)(at.y);
  float near = at.y > 12.0f ? 12.0f : at.y; // beyond, φ < 2e−32 counts for nothing
  at.density = 0.398942280f * NAME(exp_nonpositive)(-0.5f * (near * near));
  at.tail = at.density / (at.y + fit);
  float below = at.density / (1.0f - at.tail);
  at.hazard = a > 0.0f ? at.y + fit : below;
  at.excess = a > 0.0f ? fit : at.y + below;
  return at;
}

static inline float NAME(truncated_variance)(float a) {
  NAME(truncation) at = NAME(truncate)(a);
  float near = at.y > 12.0f ? 12.0f : at.y;
  float below = 1.0f - at.hazard * (at.hazard + near);
  return a > 0.0f ? NAME(variance_fit)(at.y) : below;
}

/// log(1/h(a)) without the ½a² that it contains for a < 0.
static inline float NAME(truncated_log_normalizer)(float a) {
  NAME(truncation) at = NAME(truncate)(a);
  float above = 1.0f / at.hazard, below = 2.50662827f * (1.0f - at.tail);
  return NAME(log_of)(a > 0.0f ? above : below);
}

/// z with Q(z) = q, where p = 1 − q is given too: (p − q)·P(w) with w = −log(4pq), after Giles (2012),
/// "Approximating the erfinv function"; two fits, good to 1.2e−7 for q ≥ 4e−12.
static inline float NAME(upper_quantile)(float q, float p) {
  float w = -NAME(log_of)(4.0f * (q * p)), c = w - 3.125f, r = NAME(square_root)(w) - 3.8125f;
  float centre = -7.15581638e-09f;
  centre = centre * c - 1.23432224e-08f;
  centre = centre * c + 6.16015143e-07f;
  centre = centre * c - 2.15416003e-06f;
  centre = centre * c - 1.9741854e-05f;
  centre = centre * c + 0.000264815171f;
  centre = centre * c - 0.00104722835f;
  centre = centre * c - 0.00853375252f;
  centre = centre * c + 0.339634746f;
  centre = centre * c + 2.3386209f;
  float tail = 5.0001996e-05f;
  tail = tail * r - 0.000156096052f;
  tail = tail * r + 0.000189493614f;
  tail = tail * r - 0.000250749668f;
  tail = tail * r + 0.000653063878f;
  tail = tail * r - 0.00166065816f;
  tail = tail * r + 0.0025839787f;
  tail = tail * r + 1.42683041f;
  tail = tail * r + 5.16266346f;
  return (p - q) * (w < 6.25f ? centre : tail);
}

/// 2·artanh z for 0 ≤ z ≤ 0.59: z·(2 + z²·P(z²)), P good to 7e−8.
static inline float NAME(log_ratio)(float z) {
  float square = z * z;
  float p = 0.463603526f;
  p = p * square - 0.0432695746f;
  p = p * square + 0.233842328f;
  p = p * square + 0.215492755f;
  p = p * square + 0.286118329f;
  p = p * square + 0.399991065f;
  p = p * square + 0.666666687f;
  return z * (2.0f + square * p);
}

/// By how far to go back from where the cumulative hazard is too large by d·h: d + ½m·d² + (m²/3 + v/6)·d³,
/// v = 1 − m·h, from h′ = m·h and m′ = −v.
static inline float NAME(step_back)(float d, float excess, float hazard) {
  float cubic = excess * excess * (1.0f / 3) + (1.0f - excess * hazard) * (1.0f / 6);
  return d * (1.0f + d * (0.5f * excess + d * cubic));
}

/// s with H(s) = E, for a > 1.5, where H(s) = −log(Q(a + s)/Q(a)) = ½s² + as + log(h(a + s)/h(a)) is the cumulative
/// hazard. h is convex, so hs + ½h′s² ≤ H(s) gives a first s that is not too small. One step of third order
/// (Newton's would need three) leaves H(s) within 7.1e−6 of E at E = 23 and a = 1.5, and far closer elsewhere.
static inline float NAME(tail_draw)(float a, float excess, float hazard, float e) {
  float s = 2.0f * e / (hazard + NAME(square_root)(hazard * (hazard + 2.0f * excess * e)));
  float further = NAME(hazard_excess)(a + s), steeper = a + s + further;
  float rise = s + (further - excess);
  float cumulative = s * (0.5f * s + a) + NAME(log_ratio)(rise / (hazard + steeper));
  return s - NAME(step_back)((cumulative - e) / steeper, further, steeper);
}

/// s with Q(a + s) = u·Q(a). In three ways, of which the one that keeps the digits is taken: by the quantile,
/// 1 − q being (1 − u) + u·(1 − Q(a)); by the tail's hazard; by the series at s = 0, where s is small.
static inline float NAME(truncated_draw)(NAME(truncation) at, float a, uint32_t word) {
  float u = NAME(uniform_of)(word), rest = NAME(uniform_of)(~word), e = NAME(exponential_of)(word);
  float tail = at.tail < 0.0625f ? 0.0625f : at.tail; // Q(1.5) = 0.067: the quantile is not for less
  float upper = a > 0.0f ? tail : 1.0f - at.tail, lower = a > 0.0f ? 1.0f - tail : at.tail;
  float central = NAME(upper_quantile)(u * upper, rest + u * lower) - a;
  float beyond = NAME(tail_draw)(a, at.excess, at.hazard, e);
  float start = e / at.hazard, small = -NAME(step_back)(-start, at.excess, at.hazard);
  float s = a > 1.5f ? beyond : central;
  s = start * (at.excess > 1.0f ? at.excess : 1.0f) < 0x1p-6f ? small : s;
  return s < 0.0f ? 0.0f : s;
}

/// 1/√γ of the `width` ≤ 64 units of a strip.
static inline size_t NAME(begin_strip)(const float *precision, size_t columns, size_t begin,
                                       float *inverse_root) {
  size_t width = columns - begin < BOLTZMANN_WORDS ? columns - begin : BOLTZMANN_WORDS;
  for (size_t i = 0; i < width; i++) inverse_root[i] = 1.0f / NAME(square_root)(precision[begin + i]);
  return width;
}

/// a of the units of a strip. The kernels go on in whole vectors: how many floats that is.
static inline size_t NAME(standardize)(const float *x, const float *bias, const float *inverse_root,
                                       float scale, size_t width, float *a) {
#pragma clang loop vectorize(assume_safety) vectorize_width(LANES)
  for (size_t i = 0; i < width; i++) {
    float standard = -(scale * (x[i] + bias[i]) * inverse_root[i]);
    a[i] = standard > 1e37f ? 1e37f : standard;
  }
  return (width + LANES - 1) / LANES * LANES;
}

static inline void NAME(scale_into)(float *out, const float *standard, const float *inverse_root,
                                    size_t width) {
#pragma clang loop vectorize(assume_safety) vectorize_width(LANES)
  for (size_t i = 0; i < width; i++) out[i] = standard[i] * inverse_root[i];
}

void NAME(rectified_means)(const float *inputs, size_t inputs_stride, const float *bias,
                           const float *precision, float scale, float *out, size_t out_stride, size_t rows,
                           size_t columns) {
  float a[BOLTZMANN_WORDS] = {0}, inverse_root[BOLTZMANN_WORDS];
  for (size_t j = 0; j < columns; j += BOLTZMANN_WORDS) {
    size_t width = NAME(begin_strip)(precision, columns, j, inverse_root);
    for (size_t r = 0; r < rows; r++) {
      const float *x = inputs + r * inputs_stride + j;
      size_t whole = NAME(standardize)(x, bias + j, inverse_root, scale, width, a);
#pragma clang loop vectorize_width(LANES)
      for (size_t i = 0; i < whole; i++) a[i] = NAME(truncate)(a[i]).excess;
      NAME(scale_into)(out + r * out_stride + j, a, inverse_root, width);
    }
  }
}

void NAME(rectified_variances)(const float *inputs, size_t inputs_stride, const float *bias,
                               const float *precision, float scale, float *out, size_t out_stride,
                               size_t rows, size_t columns) {
  float a[BOLTZMANN_WORDS] = {0}, inverse_root[BOLTZMANN_WORDS];
  for (size_t j = 0; j < columns; j += BOLTZMANN_WORDS) {
    size_t width = NAME(begin_strip)(precision, columns, j, inverse_root);
    for (size_t r = 0; r < rows; r++) {
      const float *x = inputs + r * inputs_stride + j;
      size_t whole = NAME(standardize)(x, bias + j, inverse_root, scale, width, a);
#pragma clang loop vectorize_width(LANES)
      for (size_t i = 0; i < whole; i++) a[i] = NAME(truncated_variance)(a[i]);
      NAME(scale_into)(a, a, inverse_root, width);
      NAME(scale_into)(out + r * out_stride + j, a, inverse_root, width);
    }
  }
}

void NAME(rectified_sample)(const float *inputs, size_t inputs_stride, const float *bias,
                            const float *precision, float scale, float *means, size_t means_stride,
                            float *states, size_t states_stride, size_t rows, size_t columns,
                            boltzmann_random random, const uint64_t *row_ids) {
  float a[BOLTZMANN_WORDS] = {0}, mean[BOLTZMANN_WORDS], inverse_root[BOLTZMANN_WORDS];
  for (size_t j = 0; j < columns; j += BOLTZMANN_WORDS) {
    size_t width = NAME(begin_strip)(precision, columns, j, inverse_root);
    for (size_t r = 0; r < rows; r++) {
      uint32_t words[BOLTZMANN_WORDS];
      NAME(philox_words)(random, row_ids[r], j / 4, words);
      const float *x = inputs + r * inputs_stride + j;
      size_t whole = NAME(standardize)(x, bias + j, inverse_root, scale, width, a);
#pragma clang loop vectorize_width(LANES)
      for (size_t i = 0; i < whole; i++) {
        NAME(truncation) at = NAME(truncate)(a[i]);
        mean[i] = at.excess;
        a[i] = NAME(truncated_draw)(at, a[i], words[i]);
      }
      if (means) NAME(scale_into)(means + r * means_stride + j, mean, inverse_root, width);
      NAME(scale_into)(states + r * states_stride + j, a, inverse_root, width);
    }
  }
}

/// Σ of what is left of the log-normalisers and of ½a² where a < 0, the latter in double: squares of Floats
/// overflow a Float beyond 1.8e19.
static inline double NAME(log_normalizer_sum)(const float *a, size_t whole, size_t width) {
  double lanes[LANES] = {0}, sum = 0;
  for (size_t i = 0; i < whole; i += LANES)
#pragma clang loop vectorize_width(LANES)
    for (size_t l = 0; l < LANES; l++) {
      double below = a[i + l] < 0.0f ? a[i + l] : 0.0f;
      double term = NAME(truncated_log_normalizer)(a[i + l]) + 0.5 * below * below;
      lanes[l] += i + l < width ? term : 0.0;
    }
  for (size_t l = 0; l < LANES; l++) sum += lanes[l];
  return sum;
}

void NAME(rectified_log_normalizers)(const float *inputs, size_t inputs_stride, const float *bias,
                                     const float *precision, float scale, double *sums, size_t rows,
                                     size_t columns) {
  float a[BOLTZMANN_WORDS] = {0}, inverse_root[BOLTZMANN_WORDS];
  for (size_t j = 0; j < columns; j += BOLTZMANN_WORDS) {
    size_t width = NAME(begin_strip)(precision, columns, j, inverse_root);
    double widths = 0; // Σ_j log γ, the same for every row
    for (size_t i = 0; i < width; i++) widths += log(precision[j + i]);
    for (size_t r = 0; r < rows; r++) {
      const float *x = inputs + r * inputs_stride + j;
      size_t whole = NAME(standardize)(x, bias + j, inverse_root, scale, width, a);
      sums[r] += NAME(log_normalizer_sum)(a, whole, width) - 0.5 * widths;
    }
  }
}
#endif
