#pragma once

#include <math.h>
#include <stddef.h>

static void softmax_forward(const float *x, float *y, size_t rows, size_t columns) {
    for (size_t row = 0; row < rows; row++, x += columns, y += columns) {
        double largest = -INFINITY, sum = 0;
        for (size_t i = 0; i < columns; i++) largest = fmax(largest, x[i]);
        for (size_t i = 0; i < columns; i++) sum += exp(x[i] - largest);
        for (size_t i = 0; i < columns; i++) y[i] = (float)(exp(x[i] - largest) / sum);
    }
}

static void softmax_backward(const float *y, const float *dy, float *dx, size_t rows, size_t columns) {
    for (size_t row = 0; row < rows; row++, y += columns, dy += columns, dx += columns) {
        double product = 0;
        for (size_t i = 0; i < columns; i++) product += (double)y[i] * dy[i];
        for (size_t i = 0; i < columns; i++) dx[i] = (float)(y[i] * (dy[i] - product));
    }
}
