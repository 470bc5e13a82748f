#pragma once

#include "activations.h"
#include "lanes.h"

#pragma clang fp contract(off)

static void bias_columns_forward(martlet_activation activation, const float *bias, float *y, size_t rows,
                                 size_t columns) {
    if (!bias) {
        activation_forward(activation, y, y, rows * columns);
        return;
    }
    for (size_t row = 0; row < rows; row++, y += columns) {
        FOR_CONSTANT_ACTIVATION(
            activation, for (size_t i = 0; i < columns; i++) y[i] = activate(constant, y[i] + bias[i]))
    }
}

static void bias_columns_backward(martlet_activation activation, const float *restrict y, float *restrict dy,
                                  float *restrict bias_gradient, size_t rows, size_t columns) {
    if (!bias_gradient) {
        activation_backward(activation, y, dy, dy, rows * columns);
        return;
    }
    memset(bias_gradient, 0, columns * sizeof(float));
    for (size_t row = 0; row < rows; row++, y += columns, dy += columns) {
        FOR_CONSTANT_ACTIVATION(activation, for (size_t i = 0; i < columns; i++) {
            const float gradient = activation_gradient(constant, y[i], dy[i]);
            dy[i] = gradient;
            bias_gradient[i] += gradient;
        })
    }
}

static void bias_rows_forward(martlet_activation activation, const float *bias, float *y, size_t rows,
                              size_t columns) {
    for (size_t row = 0; row < rows; row++, y += columns) {
        const float offset = bias ? bias[row] : 0.0f;
        FOR_CONSTANT_ACTIVATION(
            activation, for (size_t i = 0; i < columns; i++) y[i] = activate(constant, y[i] + offset))
    }
}

/// In place dy = dy activation'; gives the sum of dy over the row.
static inline float row_backward(martlet_activation activation, const float *restrict y, float *restrict dy,
                                 size_t columns) {
    float sums[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= columns; i += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            const float gradient = activation_gradient(activation, y[i + lane], dy[i + lane]);
            dy[i + lane] = gradient;
            sums[lane] += gradient;
        }
    }
    for (size_t lane = 0; i < columns; i++, lane++) {
        const float gradient = activation_gradient(activation, y[i], dy[i]);
        dy[i] = gradient;
        sums[lane] += gradient;
    }
    return sum_of_lanes(sums);
}

static void bias_rows_backward(martlet_activation activation, const float *y, float *dy, float *bias_gradient,
                               size_t rows, size_t columns) {
    if (!bias_gradient) {
        activation_backward(activation, y, dy, dy, rows * columns);
        return;
    }
    for (size_t row = 0; row < rows; row++, y += columns, dy += columns) {
        FOR_CONSTANT_ACTIVATION(activation, bias_gradient[row] += row_backward(constant, y, dy, columns))
    }
}
