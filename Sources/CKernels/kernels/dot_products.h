#pragma once

#include <stddef.h>

#include "lanes.h"

#pragma clang fp contract(off)

/// Rows of x and of w that are multiplied together at a time: few enough that all partial sums stay in registers.
#define DOT_ROWS 4
#define DOT_COLUMNS 2

/// One block of y = x w^T. Both counts are constants where this is inlined.
static inline __attribute__((always_inline)) void dot_block(const float *x, const float *w, float *y, size_t rows,
                                                            size_t columns, size_t depth, size_t y_stride) {
    typedef float lanes __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
    lanes sums[DOT_ROWS][DOT_COLUMNS] = {0};
    size_t i = 0;
    for (; i + LANES <= depth; i += LANES) {
        for (size_t row = 0; row < rows; row++) {
            for (size_t column = 0; column < columns; column++) {
                sums[row][column] += *(const lanes *)(x + row * depth + i) * *(const lanes *)(w + column * depth + i);
            }
        }
    }
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < columns; column++) {
            float partial[LANES];
            *(lanes *)partial = sums[row][column];
            for (size_t lane = 0; i + lane < depth; lane++) {
                partial[lane] += x[row * depth + i + lane] * w[column * depth + i + lane];
            }
            y[row * y_stride + column] = sum_of_lanes(partial);
        }
    }
}

static inline __attribute__((always_inline)) void dot_rows(const float *x, const float *w, float *y, size_t rows,
                                                           size_t columns, size_t depth) {
    size_t column = 0;
    for (; column + DOT_COLUMNS <= columns; column += DOT_COLUMNS) {
        dot_block(x, w + column * depth, y + column, rows, DOT_COLUMNS, depth, columns);
    }
    for (; column < columns; column++) dot_block(x, w + column * depth, y + column, rows, 1, depth, columns);
}

static void dot_products(const float *x, const float *w, float *y, size_t rows, size_t columns, size_t depth) {
    size_t row = 0;
    for (; row + DOT_ROWS <= rows; row += DOT_ROWS) {
        dot_rows(x + row * depth, w, y + row * columns, DOT_ROWS, columns, depth);
    }
    switch (rows - row) {
    case 3:
        dot_rows(x + row * depth, w, y + row * columns, 3, columns, depth);
        break;
    case 2:
        dot_rows(x + row * depth, w, y + row * columns, 2, columns, depth);
        break;
    case 1:
        dot_rows(x + row * depth, w, y + row * columns, 1, columns, depth);
        break;
    }
}
