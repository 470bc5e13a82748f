#pragma once

#include <math.h>

#include "exponential.h"
#include "lanes.h"

#pragma clang fp contract(off)

/// Largest value of a row; NaNs do not count. They make their exponentials NaN, and so the sum of those.
static inline float largest_of(const float *x, size_t count) {
    float largest[LANES];
    for (size_t lane = 0; lane < LANES; lane++) largest[lane] = -INFINITY;
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            largest[lane] = x[i + lane] > largest[lane] ? x[i + lane] : largest[lane];
        }
    }
    for (; i < count; i++) largest[0] = x[i] > largest[0] ? x[i] : largest[0];
    for (size_t lane = 1; lane < LANES; lane++) largest[0] = largest[lane] > largest[0] ? largest[lane] : largest[0];
    return largest[0];
}

/// y = e^(x - offset); gives the sum of y.
static inline float exponentials(const float *x, float offset, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = exponential(x[i] - offset);
    float sums[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) sums[lane] += y[i + lane];
    }
    for (size_t lane = 0; i < count; i++, lane++) sums[lane] += y[i];
    return sum_of_lanes(sums);
}

static void softmax_forward(const float *x, float *y, size_t rows, size_t columns) {
    for (size_t row = 0; columns > 0 && row < rows; row++, x += columns, y += columns) {
        const float sum = exponentials(x, largest_of(x, columns), y, columns);
        for (size_t i = 0; i < columns; i++) y[i] /= sum;
    }
}

static void softmax_backward(const float *y, const float *dy, float *dx, size_t rows, size_t columns) {
    for (size_t row = 0; row < rows; row++, y += columns, dy += columns, dx += columns) {
        float products[LANES] = {0};
        size_t i = 0;
        for (; i + LANES <= columns; i += LANES) {
            for (size_t lane = 0; lane < LANES; lane++) products[lane] += y[i + lane] * dy[i + lane];
        }
        for (size_t lane = 0; i < columns; i++, lane++) products[lane] += y[i] * dy[i];
        const float product = sum_of_lanes(products);
        for (i = 0; i < columns; i++) dx[i] = y[i] * (dy[i] - product);
    }
}
