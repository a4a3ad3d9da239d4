// A copy of weights at 8 bits each, with scale, shift and half width of every row: screened_draws.c tells
// what they mean, and how wide half widths must be. It is taken after every update of the weights.
#include "boltzmann_kernels.h"

#ifndef NAME
#include "byte_rows.h"
#include <stdbool.h>

#define MAGNITUDES(x) ((boltzmann_lanes16)((boltzmann_integers16)(x) & 0x7FFFFFFF))

#define BOLTZMANN_SOURCE "byte_rows.c"
#include "for_each_instruction_set.h"

size_t boltzmann_byte_rows_size(size_t units, size_t columns) {
  return (units + TILE - 1) / TILE * (TILE / BLOCK) * block_size(columns);
}

#else
void NAME(transpose)(const float *x, size_t x_stride, float *out, size_t out_stride, size_t rows,
                     size_t columns);

/// The last `left` < 16 floats of a row, and zeros.
static inline void NAME(load_last)(const float *x, size_t left, float some[16]) {
  for (size_t i = 0; i < 16; i++) some[i] = i < left ? x[i] : 0.0f;
}

static inline void NAME(measure)(const float *w, boltzmann_integers16 *largest, boltzmann_lanes16 *sum) {
  boltzmann_lanes16 x = MAGNITUDES(*(const boltzmann_lanes16 *)w);
  *largest = __builtin_elementwise_max(*largest, (boltzmann_integers16)x);
  *sum += x;
}

/// The largest |w| (bits are in the order of the numbers; not a number is larger than all) and Σ|w|.
static inline float NAME(largest)(const float *w, size_t columns, float *magnitude) {
  boltzmann_integers16 largest = {0};
  boltzmann_lanes16 sum = {0};
  size_t c = 0;
  float last[16], result;
  for (; c + 16 <= columns; c += 16) NAME(measure)(w + c, &largest, &sum);
  NAME(load_last)(w + c, columns - c, last);
  NAME(measure)(last, &largest, &sum);
  *magnitude = lane_sum(&sum);
  int32_t bits = __builtin_reduce_max(largest);
  memcpy(&result, &bits, sizeof result);
  return result;
}

/// Sixteen q; their rests and the magnitudes of these are summed.
static inline void NAME(pack)(const float *w, float scale, float inverse, int8_t *bytes,
                              boltzmann_lanes16 *rests, boltzmann_lanes16 *sizes) {
  const float magic = 12582912.0f; // 1.5·2²³: adding it rounds to an integer, kept in the low bits
  boltzmann_lanes16 x = *(const boltzmann_lanes16 *)w, shifted = x * inverse + magic;
  boltzmann_lanes16 rounded = shifted - magic;
  boltzmann_lanes16 rest = x - rounded * scale;
  *rests += rest;
  *sizes += MAGNITUDES(rest);
  boltzmann_bytes16 low = __builtin_convertvector((boltzmann_integers16)shifted & 0xFF, boltzmann_bytes16);
  memcpy(bytes, &low, sizeof low);
}

/// q of some columns of a row, zeros up to a multiple of 64.
static inline void NAME(pack_row)(const float *w, size_t columns, float scale, float inverse, int8_t *bytes,
                                  boltzmann_lanes16 *rests, boltzmann_lanes16 *sizes) {
  boltzmann_lanes16 rest_sum = *rests, size_sum = *sizes;
  size_t c = 0;
  float last[16];
  for (; c + 16 <= columns; c += 16) NAME(pack)(w + c, scale, inverse, bytes + c, &rest_sum, &size_sum);
  NAME(load_last)(w + c, columns - c, last);
  if (c < columns) NAME(pack)(last, scale, inverse, bytes + c, &rest_sum, &size_sum);
  for (c = (columns + 15) / 16 * 16; c % 64 != 0; c += 16) memset(bytes + c, 0, 16);
  *rests = rest_sum;
  *sizes = size_sum;
}

/// Up to 16 units. Bytes of four columns are one 32-bit word: [units][columns / 4] words are transposed.
static void NAME(pack_block)(const float *w, size_t w_stride, size_t units, size_t columns, int8_t *block,
                             float *scale, float *shift, float *half_width) {
  enum { CHUNK = 1024, STRIDE = CHUNK / 4 + 16 };
  float words[BLOCK][STRIDE], inverse[BLOCK], magnitude[BLOCK];
  boltzmann_lanes16 rests[BLOCK] = {{0}}, sizes[BLOCK] = {{0}};
  if (units < BLOCK) memset(words, 0, sizeof words);
  for (size_t u = 0; u < units; u++) {
    float largest = NAME(largest)(w + u * w_stride, columns, magnitude + u);
    bool usual = largest >= 1e-30f; // below, 127/largest might overflow: all of it is rest
    scale[u] = usual ? largest / 127.0f : 0.0f;
    inverse[u] = usual ? 127.0f / largest : 0.0f;
  }
  for (size_t c = 0; c < columns; c += CHUNK) {
    size_t count = columns - c < CHUNK ? columns - c : CHUNK;
    for (size_t u = 0; u < units; u++)
      NAME(pack_row)(w + u * w_stride + c, count, scale[u], inverse[u], (int8_t *)words[u], rests + u,
                     sizes + u);
    NAME(transpose)(words[0], STRIDE, (float *)(block + c * BLOCK), BLOCK, BLOCK, (count + 63) / 64 * 16);
  }
  const float roundings = (float)(columns / 16 + 24) * 0x1p-23f; // 2L·u
  for (size_t u = 0; u < units; u++) {
    float size = lane_sum(sizes + u);
    shift[u] = 0.5f * lane_sum(rests + u);
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
#endif
