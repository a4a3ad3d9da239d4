// Philox 4x32-10 (Salmon, Moraes, Dror & Shaw 2011), eight counters at a time in 64-bit lanes: a 32 × 32 → 64
// bit product is one instruction a vector, and what it leaves above bit 31 never reaches the words below.
// Without guards on purpose: a source includes it once per instruction set, where NAME is defined.

#include "boltzmann_kernels.h"
#include <stdint.h>

#ifndef BOLTZMANN_PHILOX_TYPES
#define BOLTZMANN_PHILOX_TYPES
typedef uint64_t boltzmann_lanes __attribute__((vector_size(64)));
enum { BOLTZMANN_WORDS = 32 }; // eight counters of four words
#endif

/// words[i] = the word of unit 4·block + i, i < 32: counter (unit / 4, row, step, stream ‖ high bits).
static inline void NAME(philox_words)(boltzmann_random random, uint64_t row, uint64_t block,
                                      uint32_t words[BOLTZMANN_WORDS]) {
  const boltzmann_lanes mask = {0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF,
                                0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF};
  const uint64_t high = ((uint64_t)random.stream << 24) | (((row >> 32) & 0xFF) << 16) |
                        ((random.step >> 32) & 0xFFFF);
  boltzmann_lanes c0 = (boltzmann_lanes){0, 1, 2, 3, 4, 5, 6, 7} + block;
  boltzmann_lanes c1 = (boltzmann_lanes){0} + (row & 0xFFFFFFFF);
  boltzmann_lanes c2 = (boltzmann_lanes){0} + (random.step & 0xFFFFFFFF);
  boltzmann_lanes c3 = (boltzmann_lanes){0} + high;
  uint32_t k0 = (uint32_t)random.seed, k1 = (uint32_t)(random.seed >> 32);
  for (int round = 0; round < 10; round++) {
    boltzmann_lanes p0 = (c0 & mask) * 0xD2511F53u;
    boltzmann_lanes p1 = (c2 & mask) * 0xCD9E8D57u;
    c0 = (p1 >> 32) ^ c1 ^ (uint64_t)k0;
    c1 = p1;
    c2 = (p0 >> 32) ^ c3 ^ (uint64_t)k1;
    c3 = p0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  boltzmann_lanes low = (c0 & mask) | (c1 << 32), upper = (c2 & mask) | (c3 << 32);
  boltzmann_lanes first = __builtin_shufflevector(low, upper, 0, 8, 1, 9, 2, 10, 3, 11);
  boltzmann_lanes second = __builtin_shufflevector(low, upper, 4, 12, 5, 13, 6, 14, 7, 15);
  __builtin_memcpy(words, &first, sizeof first);
  __builtin_memcpy(words + 16, &second, sizeof second);
}
