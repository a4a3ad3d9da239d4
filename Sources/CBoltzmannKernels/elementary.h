// exp, log1p, logistic and softplus of one Float in branch-free form, so that loops over them vectorise.
// Without guards on purpose: a source includes it once per instruction set, where NAME is defined.

#include <stdint.h>
#include <string.h>

/// eˣ for x ≤ 0: x = k·log 2 + r, |r| ≤ ½log 2, eˣ = 2ᵏ·(1 + r + r²·P(r)) (Cody & Waite's reduction, Cephes'
/// P). Below −87.3 it stays at 1.2e−38, the smallest normal Float; NaN stays NaN.
static inline float NAME(exp_nonpositive)(float x) {
  const float magic = 12582912.0f; // 1.5·2²³: adding it rounds to an integer, kept in the low bits
  x = x < -87.3f ? -87.3f : x;
  float shifted = x * 1.44269504f + magic;
  float k = shifted - magic;
  float r = (x - k * 0.693359375f) - k * -2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  float mantissa = p * (r * r) + r + 1.0f;
  uint32_t bits, scale;
  memcpy(&bits, &shifted, sizeof bits);
  scale = (bits + 127u) << 23;
  float power;
  memcpy(&power, &scale, sizeof power);
  return mantissa * power;
}

/// log(1 + e) for 0 ≤ e ≤ 1: with s = e/(2 + e) ≤ 1/3 it is 2·artanh s = 2s + s³·Q(s²). Q is the Chebyshev
/// fit of degree 5 on [0, 1/9]; with Float coefficients the formula is good to 1e−9. No cancellation for small
/// e, where log(1 + e) would lose e.
static inline float NAME(log1p_unit)(float e) {
  float s = e / (2.0f + e);
  float z = s * s;
  float q = 0.20787617f;
  q = q * z + 0.17464702f;
  q = q * z + 0.22264711f;
  q = q * z + 0.28570306f;
  q = q * z + 0.40000011f;
  q = q * z + 0.66666667f;
  return 2.0f * s + s * z * q;
}

static inline float NAME(absolute)(float x) {
  return __builtin_fabsf(x);
}

/// σ(x) = 1/(1 + e^{−x}), computed from e^{−|x|} so that neither tail cancels.
static inline float NAME(logistic_of)(float x) {
  float e = NAME(exp_nonpositive)(-NAME(absolute)(x));
  float tail = 1.0f / (1.0f + e);
  return x >= 0.0f ? tail : e * tail;
}

/// log(1 + eˣ) = max(x, 0) + log1p(e^{−|x|}).
static inline float NAME(softplus_of)(float x) {
  float e = NAME(exp_nonpositive)(-NAME(absolute)(x));
  return (x > 0.0f ? x : 0.0f) + NAME(log1p_unit)(e);
}
