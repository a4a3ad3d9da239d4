// How weights at 8 bits lie in memory, and vectors of sixteen.
#pragma once
#include "boltzmann_kernels.h"
#include <string.h>

typedef float boltzmann_lanes16 __attribute__((vector_size(64), aligned(4)));
typedef int32_t boltzmann_integers16 __attribute__((vector_size(64), aligned(4)));
typedef uint8_t boltzmann_bytes16 __attribute__((vector_size(16), aligned(1)));

/// Units of a block of bytes, and of a tile of four blocks, which copies are filled up to.
enum { BLOCK = 16, TILE = 64 };

/// A block is [columns / 4][16 units][4 columns], columns up to a multiple of 64: 64 bytes are four
/// columns of sixteen units.
static inline size_t block_size(size_t columns) {
  return (columns + 63) / 64 * 64 * BLOCK;
}

static inline float lane_sum(const boltzmann_lanes16 *x) {
  float lanes[16];
  memcpy(lanes, x, sizeof lanes);
  for (int half = 8; half > 0; half /= 2)
    for (int i = 0; i < half; i++) lanes[i] += lanes[i + half];
  return lanes[0];
}
