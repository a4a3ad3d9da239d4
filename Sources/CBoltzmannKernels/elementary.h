// exp, log, logistic and softplus of one Float in branch-free form, so that loops over them vectorise.
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

/// √x as an instruction; sqrtf would stop for errno.
static inline float NAME(square_root)(float x) {
  return __builtin_elementwise_sqrt(x);
}

/// log x = k·log 2 + log(1 + f) for x = 2ᵏ·(1 + f) between 1.2e−38 and 1e38, |f| < 0.42 (Cephes' polynomial).
/// Where k = 0, f is −below: 1 − x, of which x may have lost digits. NaN stays NaN.
static inline float NAME(log_below)(float x, float below) {
  uint32_t bits, scale;
  memcpy(&bits, &x, sizeof bits);
  int32_t exponent = (int32_t)(bits - 0x3F3504F3u) >> 23; // √½
  scale = (uint32_t)(127 - exponent) << 23;
  float power, k = (float)exponent;
  memcpy(&power, &scale, sizeof power);
  float f = exponent == 0 ? -below : x * power - 1.0f;
  float p = 7.0376836292e-2f;
  p = p * f - 1.1514610310e-1f;
  p = p * f + 1.1676998740e-1f;
  p = p * f - 1.2420140846e-1f;
  p = p * f + 1.4249322787e-1f;
  p = p * f - 1.6668057665e-1f;
  p = p * f + 2.0000714765e-1f;
  p = p * f - 2.4999993993e-1f;
  p = p * f + 3.3333331174e-1f;
  float square = f * f;
  float tail = p * (f * square) - k * 2.12194440e-4f;
  return k * 0.693359375f + (f + (tail - 0.5f * square));
}

static inline float NAME(log_of)(float x) {
  return NAME(log_below)(x, 1.0f - x);
}

/// u = (word + ½)·2⁻³², never 0; that of ~word is 1 − u.
static inline float NAME(uniform_of)(uint32_t word) {
  return (float)word * 0x1p-32f + 0x1p-33f;
}

/// −log u, an exponential variable, with all its digits also where u is close to 1.
static inline float NAME(exponential_of)(uint32_t word) {
  return -NAME(log_below)(NAME(uniform_of)(word), NAME(uniform_of)(~word));
}
