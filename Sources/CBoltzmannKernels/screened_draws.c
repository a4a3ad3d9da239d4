// Bernoulli draws given zeros and ones of the other layer, most of them without knowing their inputs well.
//
// A unit is on where its random word is below p·2³², p = σ(a), a = b + W·h. The word is known beforehand, so a
// need only be known well enough to tell on which side p lies. Each weight is W = s·q + r with an 8-bit q,
// s = max|W|/127 of the unit's row, and r, |r| ≤ s/2, what rounding leaves. Since h is made of zeros and ones, r·h
// lies between the sum of the negative rests and that of the positive ones:
//
//   |a − ã| ≤ e   with   ã = b + s·(q·h) + ½Σr,   e = ½Σ|r|
//
// q·h costs a quarter of the memory of W·h, and an exact product of bytes (AVX-512 VNNI) a quarter of the time.
//
// With v = word + 1 a unit is on iff v ≤ p·2³², that is iff v·e^{−a} ≤ 2³² − v =: w. So, without ever dividing,
//
//   v·e^{−ã}·E ≤ w   surely on,    v·e^{−ã} > w·E   surely off,    E = eᵉ
//
// and what neither settles (1 % in a trained machine) is decided by the sum in Float. The states are those that
// sums in Float would give throughout, to the bit: roundings widen what counts as unsettled. With u = 2⁻²⁴,
// A = Σ|W|, S = Σ|r|, and L the roundings that a term of a sum passes:
//   the sum in Float                        (L + 1)·u·A + u·|b|
//   r and its two sums, half of each        L·u·S + u·(A + 2S)          (r = W − s·q rounds by u·(|W| + |r|), or less)
//   ã: b + ½Σr, s·(q·h), their sum          3u·A + 4u·S + 2u·|b|
//   all these are below                     2L·u·(A + S) + 8u·|b|       (added to e; L ≥ 16)
//   v, e^{−|ã|}, E, products                 2 + 2·1.6 + 2·2.6 + 3 < 16  (in u of a side: 2⁻²⁰ added to e)
//   p in Float off by 3.6 ulp of itself     1843 of 2³²                 (AllowedErrors.swift; above ½: 768)
//   w and w ∓ M rounded                     2⁷ + 2⁸                     (M = 4096 covers these two)
// Numbers that are infinite or not numbers make E infinite: such units are never settled by bytes.
#include "boltzmann_kernels.h"

#ifndef NAME
#include <math.h>
#include <stdbool.h>
#include <string.h>

/// Units of a block of bytes, of a tile; rows that share what is loaded of the bytes; bytes of states at hand.
enum { BLOCK = 16, TILE = 64, ROWS = 6, STATES = 1 << 16, SEGMENT = STATES / ROWS / 4 * 4 };

typedef float boltzmann_lanes16 __attribute__((vector_size(64), aligned(4)));
typedef int32_t boltzmann_integers16 __attribute__((vector_size(64), aligned(4)));
typedef uint8_t boltzmann_bytes16 __attribute__((vector_size(16), aligned(1)));
typedef bool boltzmann_flags16 __attribute__((ext_vector_type(16)));

#define MAGNITUDES(x) ((boltzmann_lanes16)((boltzmann_integers16)(x) & 0x7FFFFFFF))

/// A block is [columns, up to a multiple of 64, / 4][16 units][4 columns]: 64 bytes are four columns of 16 units.
static inline size_t block_size(size_t columns) {
  return (columns + 63) / 64 * 64 * BLOCK;
}

size_t boltzmann_byte_rows_size(size_t units, size_t columns) {
  return (units + TILE - 1) / TILE * (TILE / BLOCK) * block_size(columns);
}

/// What a call of `screened_sample` is about.
typedef struct {
  const float *given;
  size_t given_stride, columns;
  boltzmann_byte_rows packed;
  const float *w;
  size_t w_stride;
  const float *bias;
  boltzmann_random random;
} boltzmann_screening;

/// What all rows need to know of 64 units, of which `width` exist.
typedef struct {
  size_t first, width;
  const float *scale;
  float middle[TILE]; ///< bias + shift
  float spread[TILE]; ///< E
} boltzmann_tile;

/// sums[r][i] += Σ_c q_i[c]·states[r][c] for 64 units, 4·groups columns.
static void add_products_plainly(const int8_t *blocks, size_t block_stride, const uint8_t *states,
                                 size_t states_stride, size_t groups, size_t rows, int32_t sums[ROWS][TILE]) {
  for (size_t r = 0; r < rows; r++)
    for (size_t i = 0; i < TILE; i++) {
      const int8_t *q = blocks + i / BLOCK * block_stride + i % BLOCK * 4;
      const uint8_t *state = states + r * states_stride;
      for (size_t g = 0; g < groups; g++)
        for (size_t k = 0; k < 4; k++) sums[r][i] += q[g * 4 * BLOCK + k] * state[4 * g + k];
    }
}

#if defined(__x86_64__)
#include <immintrin.h>
#define WITH_BYTE_PRODUCTS __attribute__((target("arch=x86-64-v4,avx512vnni")))

/// The same for a number of rows that is known to the compiler, so that all sums stay in registers.
WITH_BYTE_PRODUCTS static inline __attribute__((always_inline)) void
add_products_of(const int8_t *blocks, size_t block_stride, const uint8_t *states, size_t states_stride,
                size_t groups, const int rows, int32_t sums[ROWS][TILE]) {
  __m512i total[ROWS][4];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int b = 0; b < 4; b++) total[r][b] = _mm512_loadu_si512(&sums[r][BLOCK * b]);
  for (size_t g = 0; g < groups; g++) {
    __m512i q[4];
#pragma clang loop unroll(full)
    for (int b = 0; b < 4; b++) q[b] = _mm512_loadu_si512(blocks + (size_t)b * block_stride + 64 * g);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      int32_t four;
      memcpy(&four, states + (size_t)r * states_stride + 4 * g, sizeof four);
      __m512i state = _mm512_set1_epi32(four);
#pragma clang loop unroll(full)
      for (int b = 0; b < 4; b++) total[r][b] = _mm512_dpbusd_epi32(total[r][b], state, q[b]);
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int b = 0; b < 4; b++) _mm512_storeu_si512(&sums[r][BLOCK * b], total[r][b]);
}

WITH_BYTE_PRODUCTS static void add_products(const int8_t *blocks, size_t block_stride, const uint8_t *states,
                                            size_t states_stride, size_t groups, size_t rows,
                                            int32_t sums[ROWS][TILE]) {
#define CASE(n)                                                                                              \
  case n: return add_products_of(blocks, block_stride, states, states_stride, groups, n, sums);
  switch (rows) { CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) }
#undef CASE
}
#endif

#define BOLTZMANN_SOURCE "screened_draws.c"
#include "for_each_instruction_set.h"
#else
#include "elementary.h"
#include "philox.h"

void NAME(transpose)(const float *x, size_t x_stride, float *out, size_t out_stride, size_t rows,
                     size_t columns);

/// 16 floats, or the `left` < 16 last ones and zeros.
static inline void NAME(load)(const float *x, size_t left, boltzmann_lanes16 *lanes) {
  if (left < 16) *lanes = (boltzmann_lanes16){0};
  memcpy(lanes, x, left < 16 ? left * sizeof *x : sizeof *lanes);
}

static inline float NAME(lane_sum)(const boltzmann_lanes16 *x) {
  float lanes[16];
  memcpy(lanes, x, sizeof lanes);
  for (int half = 8; half > 0; half /= 2)
    for (int i = 0; i < half; i++) lanes[i] += lanes[i + half];
  return lanes[0];
}

/// The largest |w| (of which bits are in the order of the numbers; not a number is larger than all) and Σ|w|.
static inline float NAME(largest)(const float *w, size_t columns, float *magnitude) {
  boltzmann_integers16 largest = {0};
  boltzmann_lanes16 sum = {0};
  for (size_t c = 0; c < columns; c += 16) {
    boltzmann_lanes16 x;
    NAME(load)(w + c, columns - c, &x);
    largest = __builtin_elementwise_max(largest, (boltzmann_integers16)MAGNITUDES(x));
    sum += MAGNITUDES(x);
  }
  *magnitude = NAME(lane_sum)(&sum);
  int32_t bits = __builtin_reduce_max(largest);
  float result;
  memcpy(&result, &bits, sizeof result);
  return result;
}

/// q of up to 1024 columns of a row, zeros up to a multiple of 64; rests and their magnitudes are summed.
static inline void NAME(pack_row)(const float *w, size_t columns, float scale, float inverse, int8_t *bytes,
                                  boltzmann_lanes16 *rests, boltzmann_lanes16 *sizes) {
  const float magic = 12582912.0f; // 1.5·2²³: adding it rounds to an integer, kept in the low bits
  boltzmann_lanes16 rest_sum = *rests, size_sum = *sizes;
  for (size_t c = 0; c < (columns + 63) / 64 * 64; c += 16) {
    boltzmann_lanes16 x;
    NAME(load)(w + c, columns > c ? columns - c : 0, &x);
    boltzmann_lanes16 shifted = x * inverse + magic;
    boltzmann_lanes16 rounded = shifted - magic;
    boltzmann_lanes16 rest = x - rounded * scale;
    rest_sum += rest;
    size_sum += MAGNITUDES(rest);
    boltzmann_bytes16 low = __builtin_convertvector((boltzmann_integers16)shifted & 0xFF, boltzmann_bytes16);
    memcpy(bytes + c, &low, sizeof low);
  }
  *rests = rest_sum;
  *sizes = size_sum;
}

/// Up to 16 units. Bytes of four columns are one 32-bit word: the words of [units][columns / 4] are transposed.
static void NAME(pack_block)(const float *w, size_t w_stride, size_t units, size_t columns, int8_t *block,
                             float *scale, float *shift, float *half_width) {
  enum { CHUNK = 1024, STRIDE = CHUNK / 4 + 16 };
  float words[BLOCK][STRIDE], inverse[BLOCK], magnitude[BLOCK];
  boltzmann_lanes16 rests[BLOCK] = {{0}}, sizes[BLOCK] = {{0}};
  if (units < BLOCK) memset(words, 0, sizeof words);
  for (size_t u = 0; u < units; u++) {
    float largest = NAME(largest)(w + u * w_stride, columns, magnitude + u);
    bool usual = largest >= 1e-30f; // what is smaller, 127/largest might not be finite for, is all rest
    scale[u] = usual ? largest / 127.0f : 0.0f;
    inverse[u] = usual ? 127.0f / largest : 0.0f;
  }
  for (size_t c = 0; c < columns; c += CHUNK) {
    size_t count = columns - c < CHUNK ? columns - c : CHUNK;
    for (size_t u = 0; u < units; u++)
      NAME(pack_row)(w + u * w_stride + c, count, scale[u], inverse[u], (int8_t *)words[u], rests + u, sizes + u);
    NAME(transpose)(words[0], STRIDE, (float *)(block + c * BLOCK), BLOCK, BLOCK, (count + 63) / 64 * 16);
  }
  const float roundings = (float)(columns / 16 + 24) * 0x1p-23f; // 2L·u
  for (size_t u = 0; u < units; u++) {
    float size = NAME(lane_sum)(sizes + u);
    shift[u] = 0.5f * NAME(lane_sum)(rests + u);
    half_width[u] = 0.5f * size + roundings * (magnitude[u] + size) + 0x1p-20f;
  }
}

void NAME(pack_byte_rows)(const float *w, size_t w_stride, size_t first, size_t rows, size_t columns,
                          boltzmann_byte_rows packed) {
  for (size_t r = 0; r < rows; r += BLOCK) {
    size_t unit = first + r, units = rows - r < BLOCK ? rows - r : BLOCK;
    NAME(pack_block)(w + r * w_stride, w_stride, units, columns,
                     packed.bytes + unit / BLOCK * block_size(columns), packed.scale + unit,
                     packed.shift + unit, packed.half_width + unit);
  }
}

/// Σ x[i]·y[i]: a term passes at most count/64 sums in its lane, 6 of lanes and 15 of the rest.
static float NAME(dot)(const float *x, const float *y, size_t count) {
  boltzmann_lanes16 sums[4] = {{0}};
  size_t c = 0;
  for (; c + 64 <= count; c += 64)
    for (int k = 0; k < 4; k++)
      sums[k] += *(const boltzmann_lanes16 *)(x + c + 16 * k) * *(const boltzmann_lanes16 *)(y + c + 16 * k);
  for (; c + 16 <= count; c += 16)
    sums[0] += *(const boltzmann_lanes16 *)(x + c) * *(const boltzmann_lanes16 *)(y + c);
  sums[0] = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  float sum = NAME(lane_sum)(sums);
  for (; c < count; c++) sum += x[c] * y[c];
  return sum;
}

/// bytes[r][c] = given[r][c] for c < columns, zeros up to `stride`.
static void NAME(pack_states)(const float *given, size_t given_stride, size_t rows, size_t columns,
                              uint8_t *bytes, size_t stride) {
  for (size_t r = 0; r < rows; r++) {
    const float *state = given + r * given_stride;
    uint8_t *byte = bytes + r * stride;
#pragma clang loop vectorize(assume_safety) vectorize_width(16)
    for (size_t c = 0; c < columns; c++) byte[c] = state[c] != 0.0f;
    for (size_t c = columns; c < stride; c++) byte[c] = 0;
  }
}

/// q·h of up to six rows and a tile. `states` are all their bytes where those of a call fit, else room for some.
static void NAME(products)(const boltzmann_screening *job, size_t first, size_t row, size_t rows,
                           uint8_t *states, int32_t sums[ROWS][TILE]) {
  size_t size = block_size(job->columns);
  const int8_t *blocks = job->packed.bytes + first / BLOCK * size;
  memset(sums, 0, ROWS * sizeof *sums);
  for (size_t c = 0; c < job->columns; c += SEGMENT) {
    size_t count = job->columns - c < SEGMENT ? job->columns - c : SEGMENT, width = (count + 3) / 4 * 4;
    if (job->columns > SEGMENT)
      NAME(pack_states)(job->given + row * job->given_stride + c, job->given_stride, rows, count, states, width);
#if LANES == 16
    if (boltzmann_has_byte_products())
      add_products(blocks + c * BLOCK, size, states, width, width / 4, rows, sums);
    else
#endif
      add_products_plainly(blocks + c * BLOCK, size, states, width, width / 4, rows, sums);
  }
}

/// The tile that begins with unit `first`.
static void NAME(prepare)(const boltzmann_screening *job, size_t first, size_t width, boltzmann_tile *tile) {
  *tile = (boltzmann_tile){.first = first, .width = width, .scale = job->packed.scale + first};
  const float *shift = job->packed.shift + first, *half_width = job->packed.half_width + first;
  for (size_t i = 0; i < width; i++) {
    float bias = job->bias[first + i];
    float e = half_width[i] + 0x1p-21f * NAME(absolute)(bias);
    tile->middle[i] = bias + shift[i];
    tile->spread[i] = e < 80.0f ? 1.0f / NAME(exp_nonpositive)(-e) : INFINITY;
  }
}

/// states[i] and settled[i], both 0 or 1, of 64 units.
static inline void NAME(screen)(const boltzmann_tile *tile, const int32_t *sums, const uint32_t *words,
                                float *states, int32_t *settled) {
  const float *scale = tile->scale, *middle = tile->middle, *spread = tile->spread;
#pragma clang loop vectorize(assume_safety) vectorize_width(LANES) interleave_count(2)
  for (size_t i = 0; i < TILE; i++) {
    float a = middle[i] + scale[i] * (float)sums[i];
    float x = NAME(exp_nonpositive)(-NAME(absolute)(a)); // both sides times x where a < 0
    float v = ((float)words[i] + 1.0f) * (a < 0.0f ? 1.0f : x);
    float w = (float)~words[i], factor = a < 0.0f ? x : 1.0f;
    bool on = v * spread[i] <= (w - 4096.0f) * factor;
    bool off = v > (w + 4096.0f) * factor * spread[i];
    states[i] = on ? 1.0f : 0.0f;
    settled[i] = on | off;
  }
}

/// The bits of 64 places that are not 0.
static inline uint64_t NAME(bits)(const int32_t *x) {
  uint64_t all = 0;
  for (int k = 0; k < 4; k++) {
    boltzmann_integers16 some;
    memcpy(&some, x + 16 * k, sizeof some);
    boltzmann_flags16 flags = __builtin_convertvector(some != 0, boltzmann_flags16);
    uint16_t bits;
    memcpy(&bits, &flags, sizeof bits);
    all |= (uint64_t)bits << 16 * k;
  }
  return all;
}

/// What bytes did not settle.
static void NAME(resolve)(const boltzmann_screening *job, const boltzmann_tile *tile, size_t row,
                          uint64_t open, const uint32_t *words, float *states) {
  for (; open; open &= open - 1) {
    size_t i = (size_t)__builtin_ctzll(open), unit = tile->first + i;
    const float *given = job->given + row * job->given_stride;
    float input = NAME(dot)(job->w + unit * job->w_stride, given, job->columns) + job->bias[unit];
    states[i] = boltzmann_bernoulli_reference(NAME(logistic_of)(input), words[i]);
  }
}

/// The states of one row and tile. Returns how many are on.
static size_t NAME(decide)(const boltzmann_screening *job, const boltzmann_tile *tile, size_t row,
                           uint64_t row_id, const int32_t *sums, float *states, size_t *undecided) {
  uint32_t words[BOLTZMANN_WORDS];
  int32_t settled[TILE], on[TILE] = {0};
  float all[TILE];
  NAME(philox_words)(job->random, row_id, tile->first / 4, words);
  NAME(screen)(tile, sums, words, all, settled);
  uint64_t open = ~NAME(bits)(settled) & (~0ull >> (TILE - tile->width));
  *undecided += (size_t)__builtin_popcountll(open);
  NAME(resolve)(job, tile, row, open, words, all);
  memcpy(states, all, tile->width * sizeof *all);
  memcpy(on, all, tile->width * sizeof *all);
  return (size_t)__builtin_popcountll(NAME(bits)(on));
}

/// Some rows whose bytes are all at hand, or up to six; tiles outside, so that their bytes stay in cache.
static size_t NAME(sample_rows)(const boltzmann_screening *job, size_t row, size_t rows, size_t first,
                                size_t units, uint8_t *bytes, size_t width, float *states,
                                size_t states_stride, const uint64_t *row_ids, size_t *undecided) {
  size_t on = 0;
  for (size_t unit = 0; unit < units; unit += TILE) {
    boltzmann_tile tile;
    NAME(prepare)(job, first + unit, units - unit < TILE ? units - unit : TILE, &tile);
    for (size_t r = 0; r < rows; r += ROWS) {
      int32_t sums[ROWS][TILE];
      size_t count = rows - r < ROWS ? rows - r : ROWS;
      NAME(products)(job, tile.first, row + r, count, bytes + r * width, sums);
      for (size_t k = 0; k < count; k++)
        on += NAME(decide)(job, &tile, row + r + k, row_ids[row + r + k], sums[k],
                           states + (row + r + k) * states_stride + unit, undecided);
    }
  }
  return on;
}

size_t NAME(screened_sample)(const float *given, size_t given_stride, boltzmann_byte_rows packed,
                             const float *w, size_t w_stride, const float *bias, float *states,
                             size_t states_stride, size_t rows, size_t first, size_t units, size_t columns,
                             boltzmann_random random, const uint64_t *row_ids, size_t *undecided) {
  const boltzmann_screening job = {given, given_stride, columns, packed, w, w_stride, bias, random};
  uint8_t bytes[STATES];
  bool fits = columns <= SEGMENT;
  size_t width = (columns + 3) / 4 * 4, most = fits && width > 0 ? STATES / width : ROWS, on = 0, open = 0;
  for (size_t r = 0; r < rows; r += most) {
    size_t count = rows - r < most ? rows - r : most;
    if (fits) NAME(pack_states)(given + r * given_stride, given_stride, count, columns, bytes, width);
    on += NAME(sample_rows)(&job, r, count, first, units, bytes, width, states, states_stride, row_ids, &open);
  }
  if (undecided) *undecided += open;
  return on;
}
#endif
