#pragma once

#include <stddef.h>

static void add(const float *a, const float *b, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = a[i] + b[i];
}

static void scale(float alpha, const float *x, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = alpha * x[i];
}

static void normalize_rows(const float *x, const float *offset, const float *scale, float *y, size_t rows,
                           size_t columns) {
    for (size_t row = 0; row < rows; row++, x += columns, y += columns) {
        for (size_t i = 0; i < columns; i++) y[i] = (x[i] - offset[i]) * scale[i];
    }
}
