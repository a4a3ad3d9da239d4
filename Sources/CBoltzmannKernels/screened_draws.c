// Bernoulli draws given zeros and ones of the other layer, most of them without knowing their inputs well.
//
// A unit is on where its random word is below p·2³², p = σ(a), a = b + W·h. The word is known beforehand: it
// is enough to tell on which side p lies. Each weight is W = s·q + r with an 8-bit q, s = max|W|/127 of its
// row, and a rest r, |r| ≤ s/2. Since h is made of zeros and ones, r·h lies between the sum of the negative
// rests and that of the positive ones:
//
//   |a − ã| ≤ e   with   ã = b + s·(q·h) + ½Σr,   e = ½Σ|r|
//
// q·h takes a quarter of the memory of W·h, and bytes are multiplied four times as fast (AVX-512 VNNI).
//
// With v = word + 1 a unit is on iff v ≤ p·2³², that is iff v·e^{−a} ≤ 2³² − v =: w. So, without a division,
//
//   v·e^{−ã}·E ≤ w   surely on,    v·e^{−ã} > w·E   surely off,    E = eᵉ
//
// and what neither settles (1 % in a trained machine) is decided by the sum in Float. The states are those
// that sums in Float would give throughout, to the bit: roundings widen what counts as unsettled. With u =
// 2⁻²⁴, A = Σ|W|, S = Σ|r|, and L the sums that a term passes, they are at most
//
//   L·u·A + u·(A + |b|)       of b + W·h in Float
//   L·u·S + u·(A + 2S)        of ½Σr and ½Σ|r|: W − s·q rounds by u·(|W| + 2|r|), or less
//   3u·A + 4u·S + 2u·|b|      of ã: b + ½Σr, s·(q·h), their sum
//   2L·u·(A + S) + 8u·|b|     exceeds these, L = columns/16 + 24; it is added to e
//   12.4u of a side           of v (2u), e^{−|ã|} (1.6u on both sides), E (2.6u on both), products:
//                             2⁻²⁰ is added to e
//   1843 of 2³²               of p: 3.6 ulp of itself below ½, 1.5 ulp above (AllowedErrors.swift)
//   2⁷ + 2⁸ of 2³²            of w and w ∓ M; M = 4096 exceeds these two
//
// Numbers that are infinite or not numbers make E infinite: bytes never settle such units.
#include "boltzmann_kernels.h"

#ifndef NAME
#include "byte_products.h"
#include <math.h>
#include <stdbool.h>

typedef bool boltzmann_flags16 __attribute__((ext_vector_type(16)));

/// Room for bytes of states, and how many columns of six rows fit.
enum { STATES = 1 << 16, SEGMENT = STATES / ROWS / 4 * 4 };

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

/// States that bytes did not settle: inputs in Float, words, and where the states belong.
typedef struct {
  size_t count, total;
  float inputs[TILE];
  uint32_t words[TILE];
  float *states[TILE];
} boltzmann_put_off;

#define BOLTZMANN_SOURCE "screened_draws.c"
#include "for_each_instruction_set.h"
#else
#include "elementary.h"
#include "philox.h"

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
  float sum = lane_sum(sums);
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

/// q·h of up to six rows and the units of a tile. `states`: the rows' bytes if all fit, else room for some.
static void NAME(products)(const boltzmann_screening *job, size_t first, size_t units, size_t row,
                           size_t rows, uint8_t *states, int32_t sums[ROWS][TILE]) {
  size_t size = block_size(job->columns);
  const int8_t *blocks = job->packed.bytes + first / BLOCK * size;
  memset(sums, 0, ROWS * sizeof *sums);
  for (size_t c = 0; c < job->columns; c += SEGMENT) {
    size_t count = job->columns - c < SEGMENT ? job->columns - c : SEGMENT, width = (count + 3) / 4 * 4;
    if (job->columns > SEGMENT)
      NAME(pack_states)(job->given + row * job->given_stride + c, job->given_stride, rows, count, states,
                        width);
#if LANES == 16
    if (boltzmann_has_byte_products())
      add_products(blocks + c * BLOCK, size, states, width, width / 4, rows, units, sums);
    else
#endif
      add_products_plainly(blocks + c * BLOCK, size, states, width, width / 4, rows, units, sums);
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

/// The bits of 64 words that are not 0; 1.0f is one such.
static inline uint64_t NAME(bits)(const void *words) {
  uint64_t all = 0;
  for (int k = 0; k < 4; k++) {
    boltzmann_integers16 some;
    memcpy(&some, (const char *)words + k * sizeof some, sizeof some);
    boltzmann_flags16 flags = __builtin_convertvector(some != 0, boltzmann_flags16);
    uint16_t bits;
    memcpy(&bits, &flags, sizeof bits);
    all |= (uint64_t)bits << 16 * k;
  }
  return all;
}

/// Decides what was put off: one vectorised pass over the means. Returns how many are on.
static size_t NAME(catch_up)(boltzmann_put_off *put_off) {
  float means[TILE];
  size_t on = 0;
#pragma clang loop vectorize(assume_safety) vectorize_width(LANES)
  for (size_t i = 0; i < TILE; i++) means[i] = NAME(logistic_of)(put_off->inputs[i]);
  for (size_t i = 0; i < put_off->count; i++) {
    float state = boltzmann_bernoulli_reference(means[i], put_off->words[i]);
    *put_off->states[i] = state;
    on += state != 0.0f;
  }
  put_off->count = 0;
  return on;
}

/// The inputs in Float of what bytes did not settle: the `open` units of a row.
static size_t NAME(put_off)(const boltzmann_screening *job, size_t first, size_t row, uint64_t open,
                            const uint32_t *words, float *states, boltzmann_put_off *put_off) {
  size_t on = 0;
  for (; open; open &= open - 1) {
    size_t i = (size_t)__builtin_ctzll(open), unit = first + i;
    if (put_off->count == TILE) on += NAME(catch_up)(put_off);
    const float *w = job->w + unit * job->w_stride, *given = job->given + row * job->given_stride;
    put_off->inputs[put_off->count] = NAME(dot)(w, given, job->columns) + job->bias[unit];
    put_off->words[put_off->count] = words[i];
    put_off->states[put_off->count++] = states + i;
    put_off->total++;
  }
  return on;
}

/// The states of one row and tile. Returns how many are known to be on.
static size_t NAME(decide)(const boltzmann_screening *job, const boltzmann_tile *tile, size_t row,
                           uint64_t row_id, const int32_t *sums, float *states, boltzmann_put_off *put_off) {
  uint32_t words[BOLTZMANN_WORDS];
  int32_t settled[TILE];
  float all[TILE];
  NAME(philox_words)(job->random, row_id, tile->first / 4, words);
  NAME(screen)(tile, sums, words, all, settled);
  if (tile->width == TILE) memcpy(states, all, sizeof all);
  else memcpy(states, all, tile->width * sizeof *all);
  uint64_t existing = ~0ull >> (TILE - tile->width), open = ~NAME(bits)(settled) & existing;
  size_t on = (size_t)__builtin_popcountll(NAME(bits)(all) & existing);
  return on + NAME(put_off)(job, tile->first, row, open, words, states, put_off);
}

/// Some rows whose bytes are all at hand, or up to six; tiles outside, so that their bytes stay in cache.
static size_t NAME(sample_rows)(const boltzmann_screening *job, size_t row, size_t rows, size_t first,
                                size_t units, uint8_t *bytes, size_t width, float *states,
                                size_t states_stride, const uint64_t *row_ids, boltzmann_put_off *put_off) {
  size_t on = 0;
  for (size_t unit = 0; unit < units; unit += TILE) {
    boltzmann_tile tile;
    NAME(prepare)(job, first + unit, units - unit < TILE ? units - unit : TILE, &tile);
    for (size_t r = 0; r < rows; r += ROWS) {
      int32_t sums[ROWS][TILE];
      size_t count = rows - r < ROWS ? rows - r : ROWS;
      NAME(products)(job, tile.first, tile.width, row + r, count, bytes + r * width, sums);
      for (size_t k = 0; k < count; k++)
        on += NAME(decide)(job, &tile, row + r + k, row_ids[row + r + k], sums[k],
                           states + (row + r + k) * states_stride + unit, put_off);
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
  size_t width = (columns + 3) / 4 * 4, most = fits && width > 0 ? STATES / width : ROWS, on = 0;
  boltzmann_put_off put_off = {0};
  for (size_t r = 0; r < rows; r += most) {
    size_t count = rows - r < most ? rows - r : most;
    if (fits) NAME(pack_states)(given + r * given_stride, given_stride, count, columns, bytes, width);
    on += NAME(sample_rows)(&job, r, count, first, units, bytes, width, states, states_stride, row_ids,
                            &put_off);
  }
  if (undecided) *undecided += put_off.total;
  return on + NAME(catch_up)(&put_off);
}
#endif
