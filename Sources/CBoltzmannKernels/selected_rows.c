// Products with an operand of zeros and ones: the rows of the other operand that are selected, summed.
//
// out[r] = Σ_k x[r][k]·w[k] costs what the ones cost, not what the zeros would. The work is cut so that the
// rows being summed stay in the first-level cache: 112 rows × 64 columns of w (28 KB) at a time, for up to
// 128 rows of x. The ones of a row are listed once per 112, then used for every 64 columns.
//
// w and out are read and written in whole vectors of 16 columns: their rows must be padded up to that.
#include "boltzmann_kernels.h"
#include <stdbool.h>

#ifndef NAME
#define BOLTZMANN_SOURCE "selected_rows.c"
#include "for_each_instruction_set.h"
#else

#ifndef BOLTZMANN_SELECTED_TYPES
#define BOLTZMANN_SELECTED_TYPES
typedef float boltzmann_floats __attribute__((vector_size(64), aligned(4)));
typedef bool boltzmann_flags __attribute__((ext_vector_type(16)));
enum { SEGMENT = 112, GROUP = 128, VECTORS = 4 };

/// What a segment of one row of x selects: first the rows that are added, then those that are taken off.
typedef struct {
  uint8_t list[2 * SEGMENT];
  uint8_t added, listed;
} boltzmann_selection;

#define FLAG_BITS(comparison)                                                                                \
  ({                                                                                                         \
    boltzmann_flags flags = __builtin_convertvector((comparison), boltzmann_flags);                          \
    uint16_t bits;                                                                                           \
    __builtin_memcpy(&bits, &flags, sizeof bits);                                                            \
    (uint32_t) bits;                                                                                         \
  })
#endif

static inline uint8_t *NAME(list_bits)(uint32_t bits, size_t base, uint8_t *list) {
  for (; bits; bits &= bits - 1) *list++ = (uint8_t)(base + (size_t)__builtin_ctz(bits));
  return list;
}

/// Lists where `after` is above `before` (zeros where NULL), then where it is below.
static inline void NAME(select)(const float *before, const float *after, size_t count,
                                boltzmann_selection *selection) {
  uint8_t taken[SEGMENT], *add = selection->list, *take = taken;
  size_t k = 0;
  for (; k + 16 <= count; k += 16) {
    boltzmann_floats a = *(const boltzmann_floats *)(after + k), b = {0};
    if (before) b = *(const boltzmann_floats *)(before + k);
    add = NAME(list_bits)(FLAG_BITS(a > b), k, add);
    if (before) take = NAME(list_bits)(FLAG_BITS(a < b), k, take);
  }
  for (; k < count; k++) {
    float b = before ? before[k] : 0.0f;
    if (after[k] > b) *add++ = (uint8_t)k;
    if (after[k] < b) *take++ = (uint8_t)k;
  }
  selection->added = (uint8_t)(add - selection->list);
  __builtin_memcpy(add, taken, (size_t)(take - taken));
  selection->listed = (uint8_t)(selection->added + (take - taken));
}

/// out = (keep ? out : 0) + scale·(Σ added rows − Σ taken rows of w), over 16·vectors columns.
static inline __attribute__((always_inline)) void
NAME(sum_selected)(const boltzmann_selection *selection, const float *w, size_t w_stride, float scale,
                   float *out, int vectors, bool keep) {
  boltzmann_floats sums[VECTORS] = {{0}};
  size_t i = 0;
  for (; i < selection->added; i++) {
    const float *row = w + selection->list[i] * w_stride;
    for (int v = 0; v < vectors; v++) sums[v] += *(const boltzmann_floats *)(row + 16 * v);
  }
  for (; i < selection->listed; i++) {
    const float *row = w + selection->list[i] * w_stride;
    for (int v = 0; v < vectors; v++) sums[v] -= *(const boltzmann_floats *)(row + 16 * v);
  }
  for (int v = 0; v < vectors; v++) {
    boltzmann_floats *target = (boltzmann_floats *)(out + 16 * v);
    *target = keep ? *target + scale * sums[v] : scale * sums[v];
  }
}

/// One segment of up to 128 rows of x, for all columns.
static void NAME(sum_segment)(const boltzmann_selection *selections, const float *w, size_t w_stride,
                              float scale, float *out, size_t out_stride, size_t rows, size_t columns,
                              bool keep) {
  for (size_t j = 0; j < columns; j += 16 * VECTORS) {
    size_t left = (columns - j + 15) / 16;
    for (size_t r = 0; r < rows; r++) {
      float *target = out + r * out_stride + j;
      if (left >= 4) NAME(sum_selected)(selections + r, w + j, w_stride, scale, target, 4, keep);
      else if (left == 3) NAME(sum_selected)(selections + r, w + j, w_stride, scale, target, 3, keep);
      else if (left == 2) NAME(sum_selected)(selections + r, w + j, w_stride, scale, target, 2, keep);
      else NAME(sum_selected)(selections + r, w + j, w_stride, scale, target, 1, keep);
    }
  }
}

static void NAME(sum_rows)(const float *before, const float *after, size_t x_stride, const float *w,
                           size_t w_stride, float *out, size_t out_stride, size_t rows, size_t inner,
                           size_t columns, bool keep) {
  boltzmann_selection selections[GROUP];
  for (size_t r = 0; r < rows; r += GROUP) {
    size_t group = rows - r < GROUP ? rows - r : GROUP;
    for (size_t k = 0; k < inner || k == 0; k += SEGMENT) {
      size_t count = inner - k < SEGMENT ? inner - k : SEGMENT;
      for (size_t g = 0; g < group; g++) {
        size_t at = (r + g) * x_stride + k;
        NAME(select)(before ? before + at : 0, after + at, count, selections + g);
      }
      NAME(sum_segment)(selections, w + k * w_stride, w_stride, 1.0f, out + r * out_stride, out_stride, group,
                        columns, keep || k > 0);
    }
  }
}

void NAME(selected_row_sums)(const float *x, size_t x_stride, const float *w, size_t w_stride, float *out,
                             size_t out_stride, size_t rows, size_t inner, size_t columns, int keep) {
  NAME(sum_rows)(0, x, x_stride, w, w_stride, out, out_stride, rows, inner, columns, keep != 0);
}

void NAME(changed_row_sums)(const float *before, const float *after, size_t x_stride, const float *w,
                            size_t w_stride, float *out, size_t out_stride, size_t rows, size_t inner,
                            size_t columns) {
  NAME(sum_rows)(before, after, x_stride, w, w_stride, out, out_stride, rows, inner, columns, true);
}

/// Lists, for each of up to 128 columns of x, the rows in which `after` is above `before`, or below it.
static void NAME(select_columns)(const float *before, const float *after, size_t x_stride, size_t rows,
                                 size_t columns, bool above, boltzmann_selection *selections) {
  for (size_t r = 0; r < rows; r++) {
    const float *a = after + r * x_stride, *b = before ? before + r * x_stride : 0;
    size_t c = 0;
    for (; c + 16 <= columns; c += 16) {
      boltzmann_floats x = *(const boltzmann_floats *)(a + c), y = {0};
      if (b) y = *(const boltzmann_floats *)(b + c);
      uint32_t bits = above ? FLAG_BITS(x > y) : FLAG_BITS(x < y);
      for (; bits; bits &= bits - 1) {
        boltzmann_selection *selection = selections + c + (size_t)__builtin_ctz(bits);
        selection->list[selection->listed++] = (uint8_t)r;
      }
    }
    for (; c < columns; c++) {
      float y = b ? b[c] : 0.0f;
      if (above ? a[c] > y : a[c] < y) selections[c].list[selections[c].listed++] = (uint8_t)r;
    }
  }
}

static void NAME(sum_columns)(const float *before, const float *after, size_t x_stride, const float *h,
                              size_t h_stride, float scale, float *out, size_t out_stride, size_t rows,
                              size_t inner, size_t columns, bool keep) {
  boltzmann_selection selections[GROUP];
  for (size_t i = 0; i < inner; i += GROUP) {
    size_t group = inner - i < GROUP ? inner - i : GROUP;
    for (size_t r = 0; r < rows; r += SEGMENT) {
      size_t count = rows - r < SEGMENT ? rows - r : SEGMENT, at = r * x_stride + i;
      for (size_t g = 0; g < group; g++) selections[g].listed = 0;
      NAME(select_columns)(before ? before + at : 0, after + at, x_stride, count, group, true, selections);
      for (size_t g = 0; g < group; g++) selections[g].added = selections[g].listed;
      if (before) NAME(select_columns)(before + at, after + at, x_stride, count, group, false, selections);
      NAME(sum_segment)(selections, h + r * h_stride, h_stride, scale, out + i * out_stride, out_stride, group,
                        columns, keep || r > 0);
    }
  }
}

void NAME(selected_outer_sums)(const float *x, size_t x_stride, const float *h, size_t h_stride, float scale,
                               float *out, size_t out_stride, size_t rows, size_t inner, size_t columns,
                               int keep) {
  NAME(sum_columns)(0, x, x_stride, h, h_stride, scale, out, out_stride, rows, inner, columns, keep != 0);
}

size_t NAME(count_ones)(const float *x, size_t x_stride, size_t rows, size_t columns) {
  size_t ones = 0;
  bool binary = true;
  for (size_t r = 0; r < rows; r++) {
    const float *row = x + r * x_stride;
    uint32_t on = 0, other = 0;
#pragma clang loop vectorize_width(LANES)
    for (size_t j = 0; j < columns; j++) {
      on += row[j] == 1.0f;
      other |= (row[j] != 1.0f) & (row[j] != 0.0f);
    }
    ones += on;
    binary &= other == 0;
  }
  return binary ? ones : SIZE_MAX;
}

size_t NAME(count_changes)(const float *x, size_t x_stride, const float *y, size_t y_stride, size_t rows,
                           size_t columns) {
  size_t changes = 0;
  for (size_t r = 0; r < rows; r++) {
    const float *a = x + r * x_stride, *b = y + r * y_stride;
    uint32_t differ = 0;
#pragma clang loop vectorize_width(LANES)
    for (size_t j = 0; j < columns; j++) differ += a[j] != b[j];
    changes += differ;
  }
  return changes;
}

/// 16 × 16 at a time, so that both sides are read and written in whole lines.
void NAME(transpose)(const float *x, size_t x_stride, float *out, size_t out_stride, size_t rows,
                     size_t columns) {
  for (size_t r = 0; r < rows; r += 16)
    for (size_t c = 0; c < columns; c += 16) {
      size_t height = rows - r < 16 ? rows - r : 16, width = columns - c < 16 ? columns - c : 16;
      if (height == 16 && width == 16) {
        float block[16][16];
        for (size_t i = 0; i < 16; i++)
          __builtin_memcpy(block[i], x + (r + i) * x_stride + c, sizeof block[i]);
        for (size_t j = 0; j < 16; j++) {
          float *target = out + (c + j) * out_stride + r;
          for (size_t i = 0; i < 16; i++) target[i] = block[i][j];
        }
      } else {
        for (size_t j = 0; j < width; j++)
          for (size_t i = 0; i < height; i++)
            out[(c + j) * out_stride + r + i] = x[(r + i) * x_stride + c + j];
      }
    }
}
#endif
