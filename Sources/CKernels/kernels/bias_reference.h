#pragma once

#include "activations_reference.h"

static void bias_columns_forward(martlet_activation activation, const float *bias, float *y, size_t rows,
                                 size_t columns) {
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < columns; column++) {
            float *value = &y[row * columns + column];
            *value = activate(activation, *value + (bias ? bias[column] : 0.0f));
        }
    }
}

static void bias_columns_backward(martlet_activation activation, const float *y, float *dy, float *bias_gradient,
                                  size_t rows, size_t columns) {
    activation_backward(activation, y, dy, dy, rows * columns);
    if (!bias_gradient) return;
    for (size_t column = 0; column < columns; column++) {
        double sum = 0;
        for (size_t row = 0; row < rows; row++) sum += dy[row * columns + column];
        bias_gradient[column] = (float)sum;
    }
}

static void bias_rows_forward(martlet_activation activation, const float *bias, float *y, size_t rows,
                              size_t columns) {
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < columns; column++) {
            float *value = &y[row * columns + column];
            *value = activate(activation, *value + (bias ? bias[row] : 0.0f));
        }
    }
}

static void bias_rows_backward(martlet_activation activation, const float *y, float *dy, float *bias_gradient,
                               size_t rows, size_t columns) {
    activation_backward(activation, y, dy, dy, rows * columns);
    if (!bias_gradient) return;
    for (size_t row = 0; row < rows; row++) {
        double sum = 0;
        for (size_t column = 0; column < columns; column++) sum += dy[row * columns + column];
        bias_gradient[row] += (float)sum;
    }
}
