#pragma once

#include <stddef.h>

#pragma clang fp contract(off)

static void rotate_heads(const float *cosines, const float *sines, float direction, const float *x, float *y,
                         size_t positions, size_t heads, size_t width, size_t stride) {
    const size_t half = width / 2;
    for (size_t position = 0; position < positions; position++) {
        const float *restrict cosine = cosines + position * half, *restrict sine = sines + position * half;
        for (size_t head = 0; head < heads; head++) {
            const float *restrict from = x + position * stride + head * width;
            float *restrict to = y + position * stride + head * width;
            for (size_t i = 0; i < half; i++) {
                const float turn = direction * sine[i];
                to[i] = from[i] * cosine[i] - from[half + i] * turn;
                to[half + i] = from[half + i] * cosine[i] + from[i] * turn;
            }
        }
    }
}
