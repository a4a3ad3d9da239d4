// Products of weights at 8 bits with states of zeros and ones: exact, with AVX-512 VNNI 64 at a time. Blocks
// are those of byte_rows.h, consecutive ones block_stride bytes apart.
#pragma once
#include "byte_rows.h"

/// Rows of states that share what is loaded of the bytes: 6 × 4 sums, 4 vectors of bytes and the states of
/// one or two rows fill the 32 registers.
enum { ROWS = 6 };

/// sums[r][i] += Σ_c q_i[c]·states[r][c] for up to six rows, up to 64 units, 4·groups columns.
static void add_products_plainly(const int8_t *blocks, size_t block_stride, const uint8_t *states,
                                 size_t states_stride, size_t groups, size_t rows, size_t units,
                                 int32_t sums[ROWS][TILE]) {
  for (size_t r = 0; r < rows; r++)
    for (size_t i = 0; i < units; i++) {
      const int8_t *q = blocks + i / BLOCK * block_stride + i % BLOCK * 4;
      const uint8_t *state = states + r * states_stride;
      for (size_t g = 0; g < groups; g++)
        for (size_t k = 0; k < 4; k++) sums[r][i] += q[g * 4 * BLOCK + k] * state[4 * g + k];
    }
}

#if defined(__x86_64__)
#include <immintrin.h>
#define WITH_BYTE_PRODUCTS __attribute__((target("arch=x86-64-v4,avx512vnni")))

/// The same for numbers of rows and blocks that the compiler knows, so that all sums stay in registers.
WITH_BYTE_PRODUCTS static inline __attribute__((always_inline)) void
add_products_of(const int8_t *blocks, size_t block_stride, const uint8_t *states, size_t states_stride,
                size_t groups, const int rows, const int count, int32_t *sums) {
  __m512i total[ROWS][4];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int b = 0; b < count; b++) total[r][b] = _mm512_loadu_si512(sums + r * TILE + BLOCK * b);
  for (size_t g = 0; g < groups; g++) {
    __m512i q[4];
#pragma clang loop unroll(full)
    for (int b = 0; b < count; b++) q[b] = _mm512_loadu_si512(blocks + (size_t)b * block_stride + 64 * g);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      int32_t four;
      memcpy(&four, states + (size_t)r * states_stride + 4 * g, sizeof four);
      __m512i state = _mm512_set1_epi32(four);
#pragma clang loop unroll(full)
      for (int b = 0; b < count; b++) total[r][b] = _mm512_dpbusd_epi32(total[r][b], state, q[b]);
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int b = 0; b < count; b++) _mm512_storeu_si512(sums + r * TILE + BLOCK * b, total[r][b]);
}

/// Four blocks at a time, or one by one where some of the four are empty.
WITH_BYTE_PRODUCTS static void add_products(const int8_t *blocks, size_t block_stride, const uint8_t *states,
                                            size_t states_stride, size_t groups, size_t rows, size_t units,
                                            int32_t sums[ROWS][TILE]) {
#define CASE(r, b) case r: add_products_of(q, block_stride, states, states_stride, groups, r, b, sum); break;
#define CASES(b) switch (rows) { CASE(1, b) CASE(2, b) CASE(3, b) CASE(4, b) CASE(5, b) CASE(6, b) }
  const int8_t *q = blocks;
  int32_t *sum = sums[0];
  if (units > TILE - BLOCK) CASES(4)
  else
    for (size_t i = 0; i < units; i += BLOCK, q += block_stride, sum += BLOCK) CASES(1)
#undef CASES
#undef CASE
}
#endif
