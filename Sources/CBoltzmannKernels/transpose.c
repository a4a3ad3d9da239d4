// The transposed copy of a matrix, or of some rows of it.
#include "boltzmann_kernels.h"

#ifndef NAME
#define BOLTZMANN_SOURCE "transpose.c"
#include "for_each_instruction_set.h"
#else

#ifndef BOLTZMANN_TRANSPOSE_TYPES
#define BOLTZMANN_TRANSPOSE_TYPES
typedef float boltzmann_line __attribute__((vector_size(64), aligned(4)));
#define LOWER_HALVES 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define UPPER_HALVES 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#endif

/// 16 × 16 floats: four perfect shuffles of the 16 lines. Shuffling lines i and i + 8 into lines 2i and 2i + 1
/// turns the bits of an element's address (4 of the line, 4 within it) by one; four turns swap the two halves.
static inline void NAME(transpose_block)(const float *x, size_t x_stride, float *out, size_t out_stride) {
  boltzmann_line lines[16], next[16];
  for (int i = 0; i < 16; i++) lines[i] = *(const boltzmann_line *)(x + (size_t)i * x_stride);
  for (int turn = 0; turn < 4; turn++) {
    for (int i = 0; i < 8; i++) {
      next[2 * i] = __builtin_shufflevector(lines[i], lines[i + 8], LOWER_HALVES);
      next[2 * i + 1] = __builtin_shufflevector(lines[i], lines[i + 8], UPPER_HALVES);
    }
    for (int i = 0; i < 16; i++) lines[i] = next[i];
  }
  for (int i = 0; i < 16; i++) *(boltzmann_line *)(out + (size_t)i * out_stride) = lines[i];
}

void NAME(transpose)(const float *x, size_t x_stride, float *out, size_t out_stride, size_t rows,
                     size_t columns) {
  for (size_t r = 0; r < rows; r += 16)
    for (size_t c = 0; c < columns; c += 16) {
      const float *from = x + r * x_stride + c;
      float *to = out + c * out_stride + r;
      if (rows - r >= 16 && columns - c >= 16) NAME(transpose_block)(from, x_stride, to, out_stride);
      else
        for (size_t j = 0; j < 16 && j < columns - c; j++)
          for (size_t i = 0; i < 16 && i < rows - r; i++) to[j * out_stride + i] = from[i * x_stride + j];
    }
}
#endif
