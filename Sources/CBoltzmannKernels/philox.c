// Philox 4x32-10 as published, one counter at a time: what the vectorised words are compared with.
#include "boltzmann_kernels.h"

void boltzmann_philox_reference(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
  uint32_t c[4] = {counter[0], counter[1], counter[2], counter[3]};
  uint32_t k[2] = {key[0], key[1]};
  for (int round = 0; round < 10; round++) {
    uint64_t p0 = (uint64_t)0xD2511F53u * c[0];
    uint64_t p1 = (uint64_t)0xCD9E8D57u * c[2];
    uint32_t next[4] = {(uint32_t)(p1 >> 32) ^ c[1] ^ k[0], (uint32_t)p1,
                        (uint32_t)(p0 >> 32) ^ c[3] ^ k[1], (uint32_t)p0};
    for (int i = 0; i < 4; i++) c[i] = next[i];
    k[0] += 0x9E3779B9u;
    k[1] += 0xBB67AE85u;
  }
  for (int i = 0; i < 4; i++) out[i] = c[i];
}

uint32_t boltzmann_random_word_reference(boltzmann_random random, uint64_t row, uint64_t unit) {
  uint32_t counter[4] = {(uint32_t)(unit / 4), (uint32_t)row, (uint32_t)random.step,
                         random.stream << 24 | (uint32_t)((row >> 32 & 0xFF) << 16) |
                             (uint32_t)(random.step >> 32 & 0xFFFF)};
  uint32_t key[2] = {(uint32_t)random.seed, (uint32_t)(random.seed >> 32)};
  uint32_t words[4];
  boltzmann_philox_reference(counter, key, words);
  return words[unit % 4];
}
