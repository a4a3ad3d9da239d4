// softplus(x) = log(1 + eˣ), and its sums over the units of a row: the logarithms of free energies.
//
// A sum needs one logarithm for many terms: Σ softplus(x) = Σ max(x, 0) + log Π (1 + e^{−|x|}). Every factor
// lies in [1, 2], so a product of 64 fits in a Float; each rounding moves its logarithm by at most 2⁻²⁴.
#include "boltzmann_kernels.h"

#ifndef NAME
#define BOLTZMANN_SOURCE "softplus.c"
#include "for_each_instruction_set.h"

#include <math.h>

double boltzmann_softplus_reference(double x) {
  return (x > 0 ? x : 0) + log1p(exp(-fabs(x)));
}

#else
#include "elementary.h"
#include <math.h>

enum { NAME(factors) = 64 };

void NAME(softplus)(const float *x, float *out, size_t count) {
#pragma clang loop vectorize_width(LANES)
  for (size_t i = 0; i < count; i++) out[i] = NAME(softplus_of)(x[i]);
}

/// Running sums of softplus in 16 lanes: `positive` = Σ max(x, 0), `product` = Π (1 + e^{−|x|}).
typedef struct {
  float positive[16], product[16];
} NAME(softplus_lanes);

static inline void NAME(clear)(NAME(softplus_lanes) * lanes) {
  for (int l = 0; l < 16; l++) lanes->positive[l] = 0.0f, lanes->product[l] = 1.0f;
}

static inline void NAME(accumulate)(NAME(softplus_lanes) * lanes, const float x[16]) {
#pragma clang loop vectorize_width(LANES)
  for (int l = 0; l < 16; l++) {
    float e = NAME(exp_nonpositive)(-NAME(absolute)(x[l]));
    lanes->positive[l] += x[l] > 0.0f ? x[l] : 0.0f;
    lanes->product[l] += lanes->product[l] * e;
  }
}

/// The sum so far. Neighbouring products are multiplied in double first: one logarithm for all 16 lanes
/// (2^{64·16} = 2^{1,024} would overflow by one, so the lanes go in two halves).
static inline double NAME(total)(const NAME(softplus_lanes) * lanes) {
  double positive = 0, low = 1, high = 1;
  for (int l = 0; l < 16; l++) positive += lanes->positive[l];
  for (int l = 0; l < 8; l++) low *= lanes->product[l], high *= lanes->product[l + 8];
  return positive + log(low) + log(high);
}

static inline double NAME(softplus_sum)(const float *a, const float *b, float scale, size_t columns) {
  NAME(softplus_lanes) lanes;
  NAME(clear)(&lanes);
  double sum = 0;
  size_t j = 0;
  for (int filled = 0; j + 16 <= columns; j += 16) {
    float x[16];
    for (int l = 0; l < 16; l++) x[l] = scale * (a[j + l] + b[j + l]);
    NAME(accumulate)(&lanes, x);
    if (++filled == NAME(factors)) sum += NAME(total)(&lanes), NAME(clear)(&lanes), filled = 0;
  }
  sum += NAME(total)(&lanes);
  for (; j < columns; j++) sum += NAME(softplus_of)(scale * (a[j] + b[j]));
  return sum;
}

void NAME(softplus_row_sums)(const float *inputs, size_t inputs_stride, const float *bias, float scale,
                             double *sums, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++)
    sums[r] += NAME(softplus_sum)(inputs + r * inputs_stride, bias, scale, columns);
}
#endif
