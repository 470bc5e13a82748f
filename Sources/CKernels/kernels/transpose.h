#pragma once

#include <stddef.h>

#define TRANSPOSE_SIDE 16

/// The numbers of two rows that change places in one stage of a transposition: each row keeps one half of its columns
/// and takes the other half from its partner.
#define EXCHANGE_ROWS(distance, UPPER, LOWER)                                               \
    _Pragma("clang loop unroll(full)") for (size_t row = 0; row < TRANSPOSE_SIDE; row++) { \
        if (row & distance) continue;                                                       \
        const lanes first = rows[row], second = rows[row + distance];                       \
        rows[row] = __builtin_shufflevector(first, second, UPPER);                          \
        rows[row + distance] = __builtin_shufflevector(first, second, LOWER);               \
    }
#define COLUMNS(...) __VA_ARGS__

/// 16 x 16 numbers.
static inline __attribute__((always_inline)) void transpose_square(const float *from, size_t from_stride, float *to,
                                                                   size_t to_stride) {
    typedef float lanes __attribute__((vector_size(4 * TRANSPOSE_SIDE), aligned(4), may_alias));
    lanes rows[TRANSPOSE_SIDE];
    for (size_t row = 0; row < TRANSPOSE_SIDE; row++) rows[row] = *(const lanes *)(from + row * from_stride);
    EXCHANGE_ROWS(1, COLUMNS(0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30),
                  COLUMNS(1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31))
    EXCHANGE_ROWS(2, COLUMNS(0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29),
                  COLUMNS(2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31))
    EXCHANGE_ROWS(4, COLUMNS(0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),
                  COLUMNS(4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31))
    EXCHANGE_ROWS(8, COLUMNS(0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
                  COLUMNS(8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
    for (size_t row = 0; row < TRANSPOSE_SIDE; row++) *(lanes *)(to + row * to_stride) = rows[row];
}

/// to (columns x rows) = from (rows x columns), transposed; rows of both are a stride apart.
static void transpose_matrix(const float *from, size_t from_stride, float *to, size_t to_stride, size_t rows,
                             size_t columns) {
    for (size_t row = 0; row < rows; row += TRANSPOSE_SIDE) {
        for (size_t column = 0; column < columns; column += TRANSPOSE_SIDE) {
            const float *source = from + row * from_stride + column;
            float *target = to + column * to_stride + row;
            if (rows - row >= TRANSPOSE_SIDE && columns - column >= TRANSPOSE_SIDE) {
                transpose_square(source, from_stride, target, to_stride);
                continue;
            }
            for (size_t i = 0; i < TRANSPOSE_SIDE && row + i < rows; i++) {
                for (size_t j = 0; j < TRANSPOSE_SIDE && column + j < columns; j++) {
                    target[j * to_stride + i] = source[i * from_stride + j];
                }
            }
        }
    }
}
