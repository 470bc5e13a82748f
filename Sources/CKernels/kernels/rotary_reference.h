#pragma once

#include <stddef.h>

static void rotate_heads(const float *cosines, const float *sines, float direction, const float *x, float *y,
                         size_t positions, size_t heads, size_t width, size_t stride) {
    const size_t half = width / 2;
    for (size_t position = 0; position < positions; position++) {
        for (size_t i = 0; i < heads * half; i++) {
            const size_t left = position * stride + i / half * width + i % half, right = left + half;
            const double cosine = cosines[position * half + i % half];
            const double sine = (double)direction * sines[position * half + i % half];
            y[left] = (float)(x[left] * cosine - x[right] * sine);
            y[right] = (float)(x[right] * cosine + x[left] * sine);
        }
    }
}
