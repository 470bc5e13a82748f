#pragma once

#include <stddef.h>

static void dot_products(const float *x, const float *w, float *y, size_t rows, size_t columns, size_t depth) {
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < columns; column++) {
            double sum = 0;
            for (size_t i = 0; i < depth; i++) sum += (double)x[row * depth + i] * w[column * depth + i];
            y[row * columns + column] = (float)sum;
        }
    }
}
