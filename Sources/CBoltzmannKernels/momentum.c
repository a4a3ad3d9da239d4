// The parameter update: momentum, decay, and the rank-one corrections that centring and sparsity make to the
// gradient, in one pass over a row of the weights while it is in cache.
#include "boltzmann_kernels.h"

#ifndef NAME
#define BOLTZMANN_SOURCE "momentum.c"
#include "for_each_instruction_set.h"
#else

#ifndef BOLTZMANN_MOMENTUM_TYPES
#define BOLTZMANN_MOMENTUM_TYPES
typedef float boltzmann_part __attribute__((vector_size(64), aligned(4)));
typedef float boltzmann_half_part __attribute__((vector_size(32)));
typedef double boltzmann_sums __attribute__((vector_size(64)));
enum { PART = 16, PARTS_OF_A_SUM = 64 };

/// What a row of the update is made from and where its sums go.
typedef struct {
  float *weights, *velocity;
  const float *gradient;
  boltzmann_update update;
  const float *left, *right;
  size_t right_stride, corrections;
  float left_step, *projected;
  const float *across;
} boltzmann_momentum_row;
#endif

#define INLINE static inline __attribute__((always_inline))

/// Up to 16 floats, zeros behind them. (By reference: vectors of 64 bytes are returned in no register of v3.)
INLINE void NAME(load_part)(boltzmann_part *part, const float *x, size_t width) {
  if (width == PART) *part = *(const boltzmann_part *)x;
  else {
    *part = (boltzmann_part){0};
    __builtin_memcpy(part, x, width * sizeof(float));
  }
}

INLINE void NAME(store_part)(float *x, const boltzmann_part *part, size_t width) {
  if (width == PART) *(boltzmann_part *)x = *part;
  else __builtin_memcpy(x, part, width * sizeof(float));
}

/// The lanes' sum in double, as a tree: one after the other they would take as long as the row.
INLINE double NAME(part_sum)(const boltzmann_part *part) {
  boltzmann_half_part low = __builtin_shufflevector(*part, *part, 0, 1, 2, 3, 4, 5, 6, 7);
  boltzmann_half_part high = __builtin_shufflevector(*part, *part, 8, 9, 10, 11, 12, 13, 14, 15);
  boltzmann_sums x = __builtin_convertvector(low, boltzmann_sums) + __builtin_convertvector(high, boltzmann_sums);
  return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}

/// Moves up to 16 weights from column j on, by `step`.
INLINE void NAME(move_part)(const boltzmann_momentum_row *row, size_t j, size_t width, boltzmann_part *step) {
  const boltzmann_update update = row->update;
  boltzmann_part w, other;
  NAME(load_part)(&w, row->weights + j, width);
  NAME(load_part)(step, row->gradient + j, width);
  *step -= update.l2 * w;
  if (update.l1 != 0.0f) *step -= update.l1 * __builtin_convertvector((w < 0.0f) - (w > 0.0f), boltzmann_part);
  for (size_t k = 0; k < row->corrections; k++) {
    NAME(load_part)(&other, row->right + k * row->right_stride + j, width);
    *step -= row->left[k] * other;
  }
  *step *= update.rate;
  if (row->velocity) {
    NAME(load_part)(&other, row->velocity + j, width);
    *step += update.momentum * other;
    NAME(store_part)(row->velocity + j, step, width);
  }
  w += *step;
  NAME(store_part)(row->weights + j, &w, width);
}

/// The same, and what the step adds to the sums.
INLINE void NAME(move_and_sum)(const boltzmann_momentum_row *row, size_t j, size_t width, boltzmann_part *dots,
                               boltzmann_part *squares) {
  boltzmann_part step, other;
  NAME(move_part)(row, j, width, &step);
  *squares += step * step;
  if (row->across) {
    NAME(load_part)(&other, row->across + j, width);
    *dots += step * other;
  }
  if (row->projected) {
    NAME(load_part)(&other, row->projected + j, width);
    other += row->left_step * step;
    NAME(store_part)(row->projected + j, &other, width);
  }
}

/// Sums of at most 1,024 columns in 16 Float lanes, then in double.
INLINE void NAME(move_columns)(const boltzmann_momentum_row *row, size_t begin, size_t end, double *dot,
                               double *squares) {
  boltzmann_part square_lanes = {0}, dot_lanes = {0};
  size_t j = begin;
  for (; j + PART <= end; j += PART) NAME(move_and_sum)(row, j, PART, &dot_lanes, &square_lanes);
  if (j < end) NAME(move_and_sum)(row, j, end - j, &dot_lanes, &square_lanes);
  *squares += NAME(part_sum)(&square_lanes);
  if (row->across) *dot += NAME(part_sum)(&dot_lanes);
}

void NAME(momentum_step)(float *weights, float *velocity, const float *gradient, size_t columns,
                         boltzmann_update update, const float *left, const float *right,
                         size_t right_stride, size_t corrections, float left_step, float *projected,
                         const float *across, double *dot, double *squares) {
  boltzmann_momentum_row row = {weights,      velocity,    gradient,  update,    left,  right,
                                right_stride, corrections, left_step, projected, across};
  for (size_t j = 0; j < columns; j += PART * PARTS_OF_A_SUM) {
    size_t end = columns - j < PART * PARTS_OF_A_SUM ? columns : j + PART * PARTS_OF_A_SUM;
    // The usual cases, each a loop without questions.
    if (!across && !projected && corrections == 0 && update.l1 == 0.0f && !velocity) {
      boltzmann_momentum_row plain = {weights, 0, gradient, update, left, right, 0, 0, 0, 0, 0};
      plain.update.l1 = 0.0f;
      NAME(move_columns)(&plain, j, end, dot, squares);
    } else if (across && projected && corrections == 2 && update.l1 == 0.0f && velocity) {
      boltzmann_momentum_row centered = row;
      centered.corrections = 2;
      centered.update.l1 = 0.0f;
      NAME(move_columns)(&centered, j, end, dot, squares);
    } else NAME(move_columns)(&row, j, end, dot, squares);
  }
}
#undef INLINE
#endif
