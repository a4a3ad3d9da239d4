// What BLAS lacks: logistic, softplus, draws of units, sums over rows, the parameter update.
//
// Every kernel is written once and compiled once per instruction set. `boltzmann_kernels_best()` is the
// table for this processor; `boltzmann_kernels_for(set)` is the table of one set (NULL where the processor
// lacks it), so that tests can compare all of them with the plain `*_reference` functions.
//
// Matrices are row-major Float: `rows × columns`, consecutive rows `stride` floats apart. Vectors are
// contiguous. Outputs may be the inputs (every element is read before it is written), nothing else overlaps.
#ifndef BOLTZMANN_KERNELS_H
#define BOLTZMANN_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/// Who a random number is for: Philox key and the parts of its counter that a whole block shares.
typedef struct {
  uint64_t seed;
  uint64_t step;   ///< 48 bits
  uint32_t stream; ///< 8 bits
  uint64_t first_unit; ///< the number of the first column's unit, a multiple of 4: 0 unless it is a window
} boltzmann_random;

/// How one update moves the weights (momentum, rate, decays); see `momentum_step`.
typedef struct {
  float momentum, rate, l1, l2;
} boltzmann_update;

/// Rows of weights and their velocities, which an update moves.
typedef struct {
  float *weights, *velocity;
  size_t stride, velocity_stride;
} boltzmann_moving_rows;

/// What cases have before and after their chains ran, `cases × columns` each; see `listed_site_step`.
typedef struct {
  const float *before, *after;
  size_t before_stride, after_stride, columns;
} boltzmann_listed_means;

/// A copy of weights, `units × columns`, at 8 bits each, and how far each row of it is off: screened_draws.c.
/// Zeros at first. The vectors have room for `units` rounded up to a multiple of 64.
typedef struct {
  int8_t *bytes;     ///< `boltzmann_byte_rows_size(units, columns)` of them, 64-byte aligned
  float *scale;      ///< [units]: a weight is scale·byte and a rest
  float *shift;      ///< [units]: half the sum of the rests
  float *half_width; ///< [units]: how far an input may be from bias + shift + scale·(sum of bytes)
} boltzmann_byte_rows;

/// What a layer of a dense network makes of its inputs; see `activate`.
typedef enum {
  BOLTZMANN_LINEAR = 0,    ///< x
  BOLTZMANN_RECTIFIED = 1, ///< x where x > 0, else slope·x
  BOLTZMANN_TANH = 2,      ///< tanh x
  BOLTZMANN_LOGISTIC = 3   ///< 1/(1 + e^{−x})
} boltzmann_activation_kind;

typedef struct {
  boltzmann_activation_kind kind;
  float slope; ///< of rectified units below 0, not negative
} boltzmann_activation;

/// One step of Adam; `rate` and `second_scale` hold the corrections for moments that began at zero.
typedef struct {
  float rate, first_decay, second_decay, second_scale, epsilon;
} boltzmann_adam;

/// What two sets of states have in common.
typedef struct {
  size_t before, after; ///< entries that are 1
  size_t changes;       ///< entries that are 1 in one of them
  int are_binary;       ///< whether all are 0 or 1
} boltzmann_counts;

typedef enum {
  BOLTZMANN_BASELINE = 0,  ///< what the compiler takes for granted (SSE2, NEON)
  BOLTZMANN_X86_64_V3 = 1, ///< AVX2, FMA
  BOLTZMANN_X86_64_V4 = 2, ///< AVX-512 F, BW, CD, DQ, VL
  BOLTZMANN_INSTRUCTION_SETS = 3
} boltzmann_instruction_set;

// name, return type, parameters
#define BOLTZMANN_FOR_EACH_KERNEL(K)                                                                         \
  /* out[r][j] = logistic(scale·(inputs[r][j] + bias[j])) */                                                 \
  K(logistic, void,                                                                                          \
    (const float *inputs, size_t inputs_stride, const float *bias, float scale, float *out,                  \
     size_t out_stride, size_t rows, size_t columns))                                                        \
  /* states[r][j] = word(j, row_ids[r]) < ⌊p·2³²⌋ with p = logistic(scale·(inputs[r][j] + bias[j])), in one  \
     pass; means[r][j] = p where means is not NULL. Returns how many states are 1. */                        \
  K(bernoulli_sample, size_t,                                                                                \
    (const float *inputs, size_t inputs_stride, const float *bias, float scale, float *means,                \
     size_t means_stride, float *states, size_t states_stride, size_t rows, size_t columns,                  \
     boltzmann_random random, const uint64_t *row_ids))                                                      \
  /* states[r][j] = word(j, row_ids[r]) < ⌊means[r][j]·2³²⌋ */                                               \
  K(bernoulli_draw, void,                                                                                    \
    (const float *means, size_t means_stride, float *states, size_t states_stride, size_t rows,              \
     size_t columns, boltzmann_random random, const uint64_t *row_ids))                                      \
  /* out[c] = high where word(c, site) < ⌊p·2³²⌋, else low, with                                             \
     p = logistic((high − low)·(field[c] + Σ_j coupling[j]·states[j][c])): one unit of every chain. states: units\
     × chains; out may be a row of states whose coupling is 0. Returns how many entries of out changed. */   \
  K(site_draw, size_t,                                                                                       \
    (const float *coupling, const float *field, const float *states, size_t states_stride, size_t units,     \
     float low, float high, float *out, size_t chains, boltzmann_random random, uint64_t site))              \
  /* words[i] = the random word of unit i in row `row`, i < count */                                         \
  K(random_words, void, (boltzmann_random random, uint64_t row, uint32_t *words, size_t count))              \
  /* Copies the `rows` weights of units first, first + 1, ... (first: a multiple of 16; w: theirs alone) into\
     `packed`, where it writes what belongs to these units only. rows ends at a multiple of 16 or at the last\
     unit. */                                                                                                \
  K(pack_byte_rows, void,                                                                                    \
    (const float *w, size_t w_stride, size_t first, size_t rows, size_t columns,                             \
     boltzmann_byte_rows packed))                                                                            \
  /* states[r][i] = word(first + i, row_ids[r]) < ⌊p·2³²⌋ with p = logistic(Σ_k given[r][k]·w[first + i][k] +\
     bias[first + i]), i < units, for given of zeros and ones; first: a multiple of 64. w, bias and packed   \
     hold all units. Returns how many states are 1; adds to *undecided (may be NULL) how many needed the sum \
     in Float. The states do not depend on `packed`, as long as it was taken of w. */                        \
  K(screened_sample, size_t,                                                                                 \
    (const float *given, size_t given_stride, boltzmann_byte_rows packed, const float *w, size_t w_stride,   \
     const float *bias, float *states, size_t states_stride, size_t rows, size_t first, size_t units,        \
     size_t columns, boltzmann_random random, const uint64_t *row_ids, size_t *undecided))                   \
  /* out[i] = softplus(x[i]) = log(1 + eˣ) */                                                                \
  K(softplus, void, (const float *x, float *out, size_t count))                                              \
  /* sums[r] += Σ_j softplus(scale·(inputs[r][j] + bias[j])) */                                              \
  K(softplus_row_sums, void,                                                                                 \
    (const float *inputs, size_t inputs_stride, const float *bias, float scale, double *sums, size_t rows,   \
     size_t columns))                                                                                        \
  /* mixture[r][j] = Σ_k a[r][k]·h and sums[k][j] += Σ_r a[r][k]·h with h = logistic(inputs[r][j] + bias[k][j]),\
     k < classes; classes with a = 0 cost nothing */                                                         \
  K(mixed_logistic, void,                                                                                    \
    (const float *inputs, size_t inputs_stride, const float *bias, size_t bias_stride, const float *a,       \
     size_t a_stride, float *mixture, size_t mixture_stride, float *sums, size_t sums_stride, size_t rows,   \
     size_t classes, size_t columns))                                                                        \
  /* Gaussian units, t = scale·(inputs[r][j] + bias[j]), variance 1/precision[j] > 0:                        \
     out[r][j] = t/precision[j] */                                                                           \
  K(gaussian_means, void,                                                                                    \
    (const float *inputs, size_t inputs_stride, const float *bias, const float *precision, float scale,      \
     float *out, size_t out_stride, size_t rows, size_t columns))                                            \
  /* states[r][j] = t/precision[j] + z/√precision[j], z normal by Box & Muller from the words of a pair of   \
     units; means[r][j] = t/precision[j] where means is not NULL */                                          \
  K(gaussian_sample, void,                                                                                   \
    (const float *inputs, size_t inputs_stride, const float *bias, const float *precision, float scale,      \
     float *means, size_t means_stride, float *states, size_t states_stride, size_t rows, size_t columns,    \
     boltzmann_random random, const uint64_t *row_ids))                                                      \
  /* sums[r] += Σ_j t²/(2·precision[j]) + ½·log(2π/precision[j]) */                                          \
  K(gaussian_log_normalizers, void,                                                                          \
    (const float *inputs, size_t inputs_stride, const float *bias, const float *precision, float scale,      \
     double *sums, size_t rows, size_t columns))                                                             \
  /* Rectified units, the same cut off below 0: rectified.c. out[r][j] = the mean */                         \
  K(rectified_means, void,                                                                                   \
    (const float *inputs, size_t inputs_stride, const float *bias, const float *precision, float scale,      \
     float *out, size_t out_stride, size_t rows, size_t columns))                                            \
  /* out[r][j] = the variance */                                                                             \
  K(rectified_variances, void,                                                                               \
    (const float *inputs, size_t inputs_stride, const float *bias, const float *precision, float scale,      \
     float *out, size_t out_stride, size_t rows, size_t columns))                                            \
  /* states[r][j] by inverse CDF from word(j, row_ids[r]); means[r][j] = the mean where means is not NULL */\
  K(rectified_sample, void,                                                                                  \
    (const float *inputs, size_t inputs_stride, const float *bias, const float *precision, float scale,      \
     float *means, size_t means_stride, float *states, size_t states_stride, size_t rows, size_t columns,    \
     boltzmann_random random, const uint64_t *row_ids))                                                      \
  /* sums[r] += Σ_j log ∫₀^∞ e^{t·x − ½·precision[j]·x²} dx */                                               \
  K(rectified_log_normalizers, void,                                                                         \
    (const float *inputs, size_t inputs_stride, const float *bias, const float *precision, float scale,      \
     double *sums, size_t rows, size_t columns))                                                             \
  /* Categorical units: columns sites[s] … sites[s + 1] − 1 are the states of site s < count, t as above.    \
     out[r][j] = e^{t_j}/Σ_k e^{t_k}, k over the site of j */                                                \
  K(categorical_means, void,                                                                                 \
    (const float *inputs, size_t inputs_stride, const float *bias, const uint32_t *sites, size_t count,      \
     float scale, float *out, size_t out_stride, size_t rows))                                               \
  /* states[r][j] = 1 for the state of each site s that word(s, row_ids[r]) selects by inverse CDF, else 0;  \
     means as above where means is not NULL */                                                               \
  K(categorical_sample, void,                                                                                \
    (const float *inputs, size_t inputs_stride, const float *bias, const uint32_t *sites, size_t count,      \
     float scale, float *means, size_t means_stride, float *states, size_t states_stride, size_t rows,       \
     boltzmann_random random, const uint64_t *row_ids))                                                      \
  /* sums[r] += Σ_s log Σ_k e^{t_k}, k over site s */                                                        \
  K(categorical_log_normalizers, void,                                                                       \
    (const float *inputs, size_t inputs_stride, const float *bias, const uint32_t *sites, size_t count,      \
     float scale, double *sums, size_t rows))                                                                \
  /* energies[r] += Σ_j ½·precision[j]·x[r][j]² − bias[j]·x[r][j] */                                         \
  K(quadratic_energies, void,                                                                                \
    (const float *x, size_t x_stride, const float *bias, const float *precision, double *energies,           \
     size_t rows, size_t columns))                                                                           \
  /* sums[j] += Σ_r x[r][j]² */                                                                              \
  K(add_column_squares, void, (const float *x, size_t x_stride, float *sums, size_t rows, size_t columns))   \
  /* out[r][j] = a[j] + factor[r]·b[r][j] */                                                                \
  K(add_scaled_rows, void,                                                                                   \
    (const float *a, const float *b, size_t b_stride, const float *factor, float *out, size_t out_stride,    \
     size_t rows, size_t columns))                                                                           \
  /* out[r][j] = b[r][j] − a[r][j] */                                                                        \
  K(subtract, void,                                                                                          \
    (const float *a, size_t a_stride, const float *b, size_t b_stride, float *out, size_t out_stride,        \
     size_t rows, size_t columns))                                                                           \
  /* log Σ_i e^{x[i]}; −∞ for count = 0 */                                                                   \
  K(log_sum_exp, double, (const double *x, size_t count))                                                    \
  /* sums[r] += Σ_j x[r][j]·y[j] (y_stride = 0) or Σ_j x[r][j]·y[r][j] */                                    \
  K(row_dots, void,                                                                                          \
    (const float *x, size_t x_stride, const float *y, size_t y_stride, double *sums, size_t rows,            \
     size_t columns))                                                                                        \
  /* Σ_rj (x[r][j] − y[r][j])² */                                                                            \
  K(squared_distance, double,                                                                                \
    (const float *x, size_t x_stride, const float *y, size_t y_stride, size_t rows, size_t columns))         \
  /* sums[j] += scale·Σ_r weight[r]·x[r][j]; weight may be NULL (all 1) */                                   \
  K(add_column_sums, void,                                                                                   \
    (const float *x, size_t x_stride, const float *weight, float scale, float *sums, size_t rows,            \
     size_t columns))                                                                                        \
  /* out[r] = Σ_k x[r][k]·w[k] (+ out[r] where keep) for x of zeros and ones; see selected_rows.c. How many  \
     entries are selected, in this and the next three, sets the pace and how sums are grouped, not what is summed. */\
  K(selected_row_sums, void,                                                                                 \
    (const float *x, size_t x_stride, const float *w, size_t w_stride, float *out, size_t out_stride,        \
     size_t rows, size_t inner, size_t columns, size_t selected, int keep))                                  \
  /* out[r] += Σ_k (after[r][k] − before[r][k])·w[k] for states of zeros and ones */                         \
  K(changed_row_sums, void,                                                                                  \
    (const float *before, const float *after, size_t x_stride, const float *w, size_t w_stride, float *out,  \
     size_t out_stride, size_t rows, size_t inner, size_t columns, size_t selected))                         \
  /* out[i] = scale·Σ_r x[r][i]·h[r] (+ out[i] where keep), i < inner, for x of zeros and ones */            \
  K(selected_outer_sums, void,                                                                               \
    (const float *x, size_t x_stride, const float *h, size_t h_stride, float scale, float *out,              \
     size_t out_stride, size_t rows, size_t inner, size_t columns, size_t selected, int keep))               \
  /* out[i] += scale·Σ_r (after[r][i] − before[r][i])·h[r] for states of zeros and ones */                   \
  K(changed_outer_sums, void,                                                                                \
    (const float *before, const float *after, size_t x_stride, const float *h, size_t h_stride, float scale, \
     float *out, size_t out_stride, size_t rows, size_t inner, size_t columns, size_t selected))             \
  /* Lists of rows that are selected, listed_rows.c. out[j] = Σ_l w[list[l]][j] (+ out[j] where keep), l < count */\
  K(listed_row_sums, void,                                                                                   \
    (const uint32_t *list, size_t count, const float *w, size_t w_stride, float *out, size_t columns,        \
     int keep))                                                                                              \
  /* Rows come in sites of `levels` ≤ 256. For the site of each row list[l], drawn[l] is one of its rows, row \
     q with P ∝ e^{bias[q] + Σ_j h[j]·w[q][j]}, by inverse CDF from word(l, row). Returns how many differ. */\
  K(listed_level_draws, size_t,                                                                               \
    (const uint32_t *list, size_t count, size_t levels, const float *w, size_t w_stride, const float *bias,  \
     const float *h, size_t columns, uint32_t *drawn, boltzmann_random random, uint64_t row))                \
  /* Moves the rows first … first + levels − 1 of a site (`rows` and `bias` begin with it): g[k] = Σ before[cases[i]] \
     over the i in `entries` with before[i] = first + k, − Σ after[cases[i]] over those with after[i] = first + k; \
     biases, unless NULL, by the numbers of these. Returns Σ velocity². `sorted`: room for 2·count. */        \
  K(listed_site_step, double,                                                                                \
    (boltzmann_listed_means means, const uint32_t *entries, size_t count, const uint32_t *cases,      \
     const uint32_t *before, const uint32_t *after, uint32_t first, size_t levels, boltzmann_moving_rows rows, \
     float *bias, float *bias_velocity, boltzmann_update update, uint32_t *sorted))                          \
  /* How many entries are 1; SIZE_MAX where one is neither 0 nor 1 */                                        \
  K(count_ones, size_t, (const float *x, size_t x_stride, size_t rows, size_t columns))                      \
  /* How many entries are 1 in each of two, and how many differ; of no use unless all are 0 or 1 */          \
  K(count_changes, boltzmann_counts,                                                                         \
    (const float *before, size_t before_stride, const float *after, size_t after_stride, size_t rows,        \
     size_t columns))                                                                                        \
  /* out[c][r] = x[r][c] */                                                                                  \
  K(transpose, void,                                                                                         \
    (const float *x, size_t x_stride, float *out, size_t out_stride, size_t rows, size_t columns))           \
  /* out[j] = bit j of bits ? 1 : 0, least significant bit of byte 0 first */                                \
  K(expand_bits, void, (const uint8_t *bits, float *out, size_t count))                                      \
  /* out[j] = bytes[j]·scale */                                                                              \
  K(expand_bytes, void, (const uint8_t *bytes, float scale, float *out, size_t count))                       \
  /* One row of the update, with every rank-one correction of the gradient folded in:                        \
     g = gradient[j] − Σ_k left[k]·right[k][j];  velocity = momentum·velocity + rate·(g − l2·w − l1·sign w); \
     w += velocity. Afterwards projected[j] += left_step·velocity[j], *dot += Σ velocity·across[j],          \
     *squares += Σ velocity². right: corrections × columns. across may be NULL; so may velocity where        \
     momentum is 0 and nobody wants the velocity afterwards. */                                              \
  K(momentum_step, void,                                                                                     \
    (float *weights, float *velocity, const float *gradient, size_t columns, boltzmann_update update,        \
     const float *left, const float *right, size_t right_stride, size_t corrections, float left_step,        \
     float *projected, const float *across, double *dot, double *squares))                                   \
  /* out[r][j] = φ(inputs[r][j] + bias[j]) */                                                                \
  K(activate, void,                                                                                          \
    (const float *inputs, size_t inputs_stride, const float *bias, boltzmann_activation activation,          \
     float *out, size_t out_stride, size_t rows, size_t columns))                                            \
  /* deltas[r][j] *= φ′, from outputs[r][j] = φ */                                                           \
  K(activation_slopes, void,                                                                                 \
    (const float *outputs, size_t outputs_stride, boltzmann_activation activation, float *deltas,            \
     size_t deltas_stride, size_t rows, size_t columns))                                                     \
  /* first = first_decay·first + (1 − first_decay)·g, second likewise of g², g = direction[j];               \
     w += rate·first/(√(second_scale·second) + epsilon) */                                                   \
  K(adam_step, void,                                                                                         \
    (float *weights, float *first, float *second, const float *direction, size_t columns,                    \
     boltzmann_adam settings))

#define BOLTZMANN_TABLE_ENTRY(name, type, parameters) type(*name) parameters;
typedef struct {
  BOLTZMANN_FOR_EACH_KERNEL(BOLTZMANN_TABLE_ENTRY)
} boltzmann_kernels;
#undef BOLTZMANN_TABLE_ENTRY

/// The kernels compiled for one instruction set, or NULL where this processor or build lacks it.
const boltzmann_kernels *boltzmann_kernels_for(boltzmann_instruction_set set);

/// The widest instruction set that this processor and build have.
boltzmann_instruction_set boltzmann_best_instruction_set(void);

/// Whether this processor multiplies bytes fast enough (AVX-512 VNNI) for `screened_sample` to pay.
int boltzmann_has_byte_products(void);

/// How many bytes a copy of `units × columns` weights takes.
size_t boltzmann_byte_rows_size(size_t units, size_t columns);

/// A short name: "baseline", "x86-64-v3", "x86-64-v4".
const char *boltzmann_instruction_set_name(boltzmann_instruction_set set);

/// The same in plain C, one obvious loop each, in double where accuracy is at stake.
float boltzmann_logistic_reference(float x);
double boltzmann_softplus_reference(double x);
double boltzmann_log_sum_exp_reference(const double *x, size_t count);
uint32_t boltzmann_random_word_reference(boltzmann_random random, uint64_t row, uint64_t unit);
/// 1 where word < ⌊mean·2³²⌋, always for mean ≥ 1 and never for mean ≤ 0 or NaN.
float boltzmann_bernoulli_reference(float mean, uint32_t word);
/// φ(x)
double boltzmann_activation_reference(double x, boltzmann_activation activation);
/// φ′, from y = φ
double boltzmann_activation_slope_reference(double y, boltzmann_activation activation);
/// Philox 4x32-10 (Salmon et al. 2011): four random words of a counter and a key.
void boltzmann_philox_reference(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

#endif
