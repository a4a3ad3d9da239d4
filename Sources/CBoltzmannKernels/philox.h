// Philox 4x32-10 (Salmon, Moraes, Dror & Shaw 2011), eight counters at a time in 64-bit lanes: a 32 × 32 → 64
// bit product is one instruction a vector, and what it leaves above bit 31 never reaches the words below. Where
// the registers suffice (AVX-512), two such sets go side by side: ten rounds of one would wait for its products.
// Without guards on purpose: a source includes it once per instruction set, where NAME is defined.

#include "boltzmann_kernels.h"
#include <stdint.h>

#ifndef BOLTZMANN_PHILOX_TYPES
#define BOLTZMANN_PHILOX_TYPES
typedef uint64_t boltzmann_lanes __attribute__((vector_size(64)));
enum { BOLTZMANN_WORDS = 64 }; // sixteen counters of four words
#endif

/// Four words of each of eight counters, in the order of the units.
static inline __attribute__((always_inline)) void NAME(store_words)(const boltzmann_lanes c[4], uint32_t *words) {
  const boltzmann_lanes low32 = (boltzmann_lanes){0} + 0xFFFFFFFF;
  boltzmann_lanes low = (c[0] & low32) | (c[1] << 32), high = (c[2] & low32) | (c[3] << 32);
  boltzmann_lanes first = __builtin_shufflevector(low, high, 0, 8, 1, 9, 2, 10, 3, 11);
  boltzmann_lanes second = __builtin_shufflevector(low, high, 4, 12, 5, 13, 6, 14, 7, 15);
  __builtin_memcpy(words, &first, sizeof first);
  __builtin_memcpy(words + 16, &second, sizeof second);
}

static inline __attribute__((always_inline)) void NAME(philox_round)(boltzmann_lanes c[4], uint32_t k0,
                                                                     uint32_t k1) {
  const boltzmann_lanes low32 = (boltzmann_lanes){0} + 0xFFFFFFFF;
  boltzmann_lanes p0 = (c[0] & low32) * 0xD2511F53u, p1 = (c[2] & low32) * 0xCD9E8D57u;
  c[0] = (p1 >> 32) ^ c[1] ^ (uint64_t)k0;
  c[1] = p1;
  c[2] = (p0 >> 32) ^ c[3] ^ (uint64_t)k1;
  c[3] = p0;
}

/// words[i] = the word of unit first_unit + 4·block + i, i < 64: counter (unit / 4, row, step, stream ‖ high bits).
static inline void NAME(philox_words)(boltzmann_random random, uint64_t row, uint64_t block,
                                      uint32_t words[BOLTZMANN_WORDS]) {
  const uint64_t high = ((uint64_t)random.stream << 24) | (((row >> 32) & 0xFF) << 16) |
                        ((random.step >> 32) & 0xFFFF);
  const boltzmann_lanes none = {0};
  block += random.first_unit / 4;
  boltzmann_lanes a[4] = {(boltzmann_lanes){0, 1, 2, 3, 4, 5, 6, 7} + block, none + (row & 0xFFFFFFFF),
                          none + (random.step & 0xFFFFFFFF), none + high};
  boltzmann_lanes b[4] = {a[0] + 8, a[1], a[2], a[3]};
  const uint32_t k0 = (uint32_t)random.seed, k1 = (uint32_t)(random.seed >> 32);
  for (uint32_t round = 0; round < 10; round++) {
    NAME(philox_round)(a, k0 + round * 0x9E3779B9u, k1 + round * 0xBB67AE85u);
    if (LANES == 16) NAME(philox_round)(b, k0 + round * 0x9E3779B9u, k1 + round * 0xBB67AE85u);
  }
  for (uint32_t round = 0; LANES < 16 && round < 10; round++)
    NAME(philox_round)(b, k0 + round * 0x9E3779B9u, k1 + round * 0xBB67AE85u);
  NAME(store_words)(a, words);
  NAME(store_words)(b, words + 32);
}
