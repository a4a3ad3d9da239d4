// Products with an operand of zeros and ones: the rows of the other operand that are selected, summed.
//
// out[r] = Σ_k x[r][k]·w[k] costs what the ones cost, not what the zeros would. The work is cut so that the
// rows being summed stay in the first-level cache: a segment of the rows × 64 columns of w at a time, for a
// group of rows of x. The ones of a row are listed once per segment, then used for every 64 columns. A segment
// is as long as it takes to list some sixteen rows: shorter lists end before the processor is at speed, longer
// segments leave the cache (64 rows are 16 KB; 1,024 are in the second level).
//
// w and out are read and written in whole vectors of 16 columns: their rows must be padded up to that.
#include "boltzmann_kernels.h"
#include <stdbool.h>

#ifndef NAME
#include <string.h>

typedef uint16_t boltzmann_places __attribute__((vector_size(16), aligned(2)));

/// Entry m: the places of the bits that are set in m, in order.
static boltzmann_places bit_places[256];

__attribute__((constructor)) static void fill_bit_places(void) {
  for (unsigned m = 0; m < 256; m++)
    for (unsigned bit = 0, n = 0; bit < 8; bit++)
      if (m >> bit & 1) bit_places[m][n++] = (uint16_t)bit;
}

#define BOLTZMANN_SOURCE "selected_rows.c"
#include "for_each_instruction_set.h"
#else

#ifndef BOLTZMANN_SELECTED_TYPES
#define BOLTZMANN_SELECTED_TYPES
typedef float boltzmann_floats __attribute__((vector_size(64), aligned(4)));
typedef bool boltzmann_flags __attribute__((ext_vector_type(16)));
enum { SHORTEST = 64, LONGEST = 1024, WANTED = 16, GROUP = 128, LISTS = 128 * 144, VECTORS = 4 };

/// What a segment of one row of x selects: first the rows that are added, then those that are taken off.
typedef struct {
  uint16_t *list;
  uint32_t added, listed;
} boltzmann_selection;

/// The selections of a group of rows. Listing writes eight numbers at a time: each list has room for more.
typedef struct {
  size_t segment, group;
  boltzmann_selection rows[GROUP];
  uint16_t lists[LISTS];
} boltzmann_selections;

#define FLAG_BITS(comparison)                                                                                \
  ({                                                                                                         \
    boltzmann_flags flags = __builtin_convertvector((comparison), boltzmann_flags);                          \
    uint16_t bits;                                                                                           \
    __builtin_memcpy(&bits, &flags, sizeof bits);                                                            \
    (uint32_t) bits;                                                                                         \
  })
#endif

/// Appends base + the places of the bits set in 8 bits; branch-free, whatever the bits.
static inline uint16_t *NAME(list_byte)(uint32_t bits, size_t base, uint16_t *list) {
  *(boltzmann_places *)list = bit_places[bits] + (uint16_t)base;
  return list + __builtin_popcount(bits);
}

/// Bits c of 16: where `after` is above (or below) `before`, which is 0 where NULL; `count` ≤ 16 of them.
static inline uint32_t NAME(flags)(const float *before, const float *after, size_t count, bool above) {
  if (count >= 16) {
    boltzmann_floats a = *(const boltzmann_floats *)after, b = {0};
    if (before) b = *(const boltzmann_floats *)before;
    return above ? FLAG_BITS(a > b) : FLAG_BITS(a < b);
  }
  uint32_t bits = 0;
  for (size_t k = 0; k < count; k++) {
    float b = before ? before[k] : 0.0f;
    bits |= (uint32_t)(above ? after[k] > b : after[k] < b) << k;
  }
  return bits;
}

/// Appends where `after` is above (or below) `before`.
static inline uint16_t *NAME(list_row)(const float *before, const float *after, size_t count, bool above,
                                       uint16_t *list) {
  for (size_t k = 0; k < count; k += 16) {
    uint32_t bits = NAME(flags)(before ? before + k : 0, after + k, count - k, above);
    list = NAME(list_byte)(bits & 0xFF, k, list);
    list = NAME(list_byte)(bits >> 8, k + 8, list);
  }
  return list;
}

static inline void NAME(select)(const float *before, const float *after, size_t count,
                                boltzmann_selection *selection) {
  uint16_t *end = NAME(list_row)(before, after, count, true, selection->list);
  selection->added = (uint32_t)(end - selection->list);
  if (before) end = NAME(list_row)(before, after, count, false, end);
  selection->listed = (uint32_t)(end - selection->list);
}

/// How long segments are where `selected` of rows × inner entries are, and how many lists of that length fit.
static void NAME(cut)(boltzmann_selections *selections, size_t selected, size_t rows, size_t inner) {
  size_t wanted = selected ? WANTED * rows * inner / selected : LONGEST;
  size_t length = wanted < SHORTEST ? SHORTEST : wanted > LONGEST ? LONGEST : wanted;
  selections->segment = inner == 0 ? 16 : ((length < inner ? length : inner) + 15) / 16 * 16;
  size_t room = selections->segment + 8, fit = LISTS / room;
  selections->group = fit < GROUP ? fit : GROUP;
  for (size_t g = 0; g < selections->group; g++) selections->rows[g].list = selections->lists + g * room;
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

/// One segment of a group of rows of x, for all columns.
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
                           size_t columns, size_t selected, bool keep) {
  boltzmann_selections selections;
  NAME(cut)(&selections, selected, rows, inner);
  for (size_t r = 0; r < rows; r += selections.group) {
    size_t group = rows - r < selections.group ? rows - r : selections.group;
    for (size_t k = 0; k < inner || k == 0; k += selections.segment) {
      size_t count = inner - k < selections.segment ? inner - k : selections.segment;
      for (size_t g = 0; g < group; g++) {
        size_t at = (r + g) * x_stride + k;
        NAME(select)(before ? before + at : 0, after + at, count, selections.rows + g);
      }
      NAME(sum_segment)(selections.rows, w + k * w_stride, w_stride, 1.0f, out + r * out_stride, out_stride,
                        group, columns, keep || k > 0);
    }
  }
}

void NAME(selected_row_sums)(const float *x, size_t x_stride, const float *w, size_t w_stride, float *out,
                             size_t out_stride, size_t rows, size_t inner, size_t columns, size_t selected,
                             int keep) {
  NAME(sum_rows)(0, x, x_stride, w, w_stride, out, out_stride, rows, inner, columns, selected, keep != 0);
}

void NAME(changed_row_sums)(const float *before, const float *after, size_t x_stride, const float *w,
                            size_t w_stride, float *out, size_t out_stride, size_t rows, size_t inner,
                            size_t columns, size_t selected) {
  NAME(sum_rows)(before, after, x_stride, w, w_stride, out, out_stride, rows, inner, columns, selected, true);
}

/// Transposes 8 × 8 bits: byte r, bit c becomes byte c, bit r (Warren, Hacker's Delight, section 7-3).
static inline uint64_t NAME(transpose_bits)(uint64_t x) {
  uint64_t t = (x ^ (x >> 7)) & 0x00AA00AA00AA00AAu;
  x ^= t ^ (t << 7);
  t = (x ^ (x >> 14)) & 0x0000CCCC0000CCCCu;
  x ^= t ^ (t << 14);
  t = (x ^ (x >> 28)) & 0x00000000F0F0F0F0u;
  return x ^ t ^ (t << 28);
}

/// Appends, for each of some columns, the rows where `after` is above (or below) `before`: eight rows and
/// eight columns at a time.
static void NAME(list_columns)(const float *before, const float *after, size_t x_stride, size_t rows,
                               size_t columns, bool above, boltzmann_selection *selections) {
  for (size_t r = 0; r < rows; r += 8) {
    size_t height = rows - r < 8 ? rows - r : 8;
    for (size_t c = 0; c < columns; c += 16) {
      uint64_t halves[2] = {0};
      for (size_t i = 0; i < height; i++) {
        size_t at = (r + i) * x_stride + c;
        uint64_t bits = NAME(flags)(before ? before + at : 0, after + at, columns - c, above);
        halves[0] |= (bits & 0xFF) << (8 * i);
        halves[1] |= (bits >> 8) << (8 * i);
      }
      for (size_t half = 0; half < 2; half++) {
        size_t first = c + 8 * half, width = columns > first ? columns - first : 0;
        uint64_t ones = NAME(transpose_bits)(halves[half]);
        for (size_t j = 0; j < 8 && j < width; j++, ones >>= 8) {
          boltzmann_selection *selection = selections + first + j;
          uint16_t *list = selection->list + selection->listed;
          selection->listed = (uint32_t)(NAME(list_byte)(ones & 0xFF, r, list) - selection->list);
        }
      }
    }
  }
}

static void NAME(select_columns)(const float *before, const float *after, size_t x_stride, size_t rows,
                                 size_t columns, boltzmann_selection *selections) {
  for (size_t c = 0; c < columns; c++) selections[c].listed = 0;
  NAME(list_columns)(before, after, x_stride, rows, columns, true, selections);
  for (size_t c = 0; c < columns; c++) selections[c].added = selections[c].listed;
  if (before) NAME(list_columns)(before, after, x_stride, rows, columns, false, selections);
}

static void NAME(outer_sums)(const float *before, const float *after, size_t x_stride, const float *h,
                             size_t h_stride, float scale, float *out, size_t out_stride, size_t rows,
                             size_t inner, size_t columns, size_t selected, bool keep) {
  boltzmann_selections selections;
  NAME(cut)(&selections, selected, inner, rows);
  for (size_t i = 0; i < inner; i += selections.group) {
    size_t group = inner - i < selections.group ? inner - i : selections.group;
    for (size_t r = 0; r < rows || r == 0; r += selections.segment) {
      size_t count = rows - r < selections.segment ? rows - r : selections.segment, at = r * x_stride + i;
      NAME(select_columns)(before ? before + at : 0, after + at, x_stride, count, group, selections.rows);
      NAME(sum_segment)(selections.rows, h + r * h_stride, h_stride, scale, out + i * out_stride, out_stride,
                        group, columns, keep || r > 0);
    }
  }
}

void NAME(selected_outer_sums)(const float *x, size_t x_stride, const float *h, size_t h_stride, float scale,
                               float *out, size_t out_stride, size_t rows, size_t inner, size_t columns,
                               size_t selected, int keep) {
  NAME(outer_sums)(0, x, x_stride, h, h_stride, scale, out, out_stride, rows, inner, columns, selected, keep != 0);
}

void NAME(changed_outer_sums)(const float *before, const float *after, size_t x_stride, const float *h,
                              size_t h_stride, float scale, float *out, size_t out_stride, size_t rows,
                              size_t inner, size_t columns, size_t selected) {
  NAME(outer_sums)(before, after, x_stride, h, h_stride, scale, out, out_stride, rows, inner, columns, selected,
                   true);
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
#endif
