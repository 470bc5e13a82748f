#pragma once

#include "CKernels.h"

static void product(martlet_factor a, martlet_factor b, float *c, size_t c_stride, size_t rows, size_t columns,
                    size_t depth, bool adding) {
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < columns; column++) {
            double sum = adding ? c[row * c_stride + column] : 0.0;
            for (size_t k = 0; k < depth; k++) {
                sum += (double)a.values[a.is_transposed ? k * a.stride + row : row * a.stride + k] *
                       b.values[b.is_transposed ? column * b.stride + k : k * b.stride + column];
            }
            c[row * c_stride + column] = (float)sum;
        }
    }
}
