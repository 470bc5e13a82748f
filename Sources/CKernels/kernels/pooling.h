#pragma once

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "CKernels.h"

/// The four values of a 2 x 2 window in order; the first of equal ones wins, as in PyTorch, and NaN wins over all.
static inline void greater_of(float value, int32_t index, float *largest, int32_t *position) {
    const bool replaces = value > *largest || value != value;
    *largest = replaces ? value : *largest;
    *position = replaces ? index : *position;
}

/// Windows of 2 x 2 that neither overlap nor leave the plane, by far the most common.
static inline bool is_halving(const martlet_window *window) {
    return window->kernel == 2 && window->stride == 2 && window->padding == 0;
}

static void halving_forward(const martlet_window *window, const float *restrict x, float *restrict y,
                            int32_t *restrict argmax) {
    const size_t width = window->width, output_width = window->output_width;
    for (size_t plane = 0; plane < window->channels; plane++, x += window->height * width) {
        for (size_t row = 0; row < window->output_height; row++, y += output_width) {
            const float *top = x + 2 * row * width, *bottom = top + width;
            const int32_t first = (int32_t)(2 * row * width);
            if (argmax) {
                for (size_t i = 0; i < output_width; i++) {
                    float largest = top[2 * i];
                    int32_t position = first + (int32_t)(2 * i);
                    greater_of(top[2 * i + 1], first + (int32_t)(2 * i + 1), &largest, &position);
                    greater_of(bottom[2 * i], first + (int32_t)(2 * i + width), &largest, &position);
                    greater_of(bottom[2 * i + 1], first + (int32_t)(2 * i + 1 + width), &largest, &position);
                    y[i] = largest;
                    argmax[i] = position;
                }
                argmax += output_width;
            } else {
                for (size_t i = 0; i < output_width; i++) {
                    float largest = top[2 * i];
                    int32_t position = 0;
                    greater_of(top[2 * i + 1], 1, &largest, &position);
                    greater_of(bottom[2 * i], 2, &largest, &position);
                    greater_of(bottom[2 * i + 1], 3, &largest, &position);
                    y[i] = largest;
                }
            }
        }
    }
}

static void sliding_forward(const martlet_window *window, const float *x, float *y, int32_t *argmax) {
    const size_t height = window->height, width = window->width, padding = window->padding;
    for (size_t plane = 0; plane < window->channels; plane++, x += height * width) {
        for (size_t row = 0; row < window->output_height; row++) {
            const size_t top = row * window->stride, bottom = top + window->kernel;
            const size_t first_row = top > padding ? top - padding : 0;
            const size_t last_row = bottom - padding < height ? bottom - padding : height;
            for (size_t column = 0; column < window->output_width; column++) {
                const size_t left = column * window->stride, right = left + window->kernel;
                const size_t first_column = left > padding ? left - padding : 0;
                const size_t last_column = right - padding < width ? right - padding : width;
                float largest = -INFINITY;
                int32_t position = (int32_t)(first_row * width + first_column);
                for (size_t i = first_row; i < last_row; i++) {
                    for (size_t j = first_column; j < last_column; j++) {
                        greater_of(x[i * width + j], (int32_t)(i * width + j), &largest, &position);
                    }
                }
                *y++ = largest;
                if (argmax) *argmax++ = position;
            }
        }
    }
}

static void max_pool_forward(const martlet_window *window, const float *x, float *y, int32_t *argmax) {
    if (is_halving(window)) {
        halving_forward(window, x, y, argmax);
    } else {
        sliding_forward(window, x, y, argmax);
    }
}

static void max_pool_backward(const martlet_window *window, const int32_t *restrict argmax, const float *restrict dy,
                              float *restrict dx) {
    const size_t plane_size = window->height * window->width;
    const size_t output_size = window->output_height * window->output_width;
    for (size_t plane = 0; plane < window->channels; plane++, dx += plane_size) {
        memset(dx, 0, plane_size * sizeof(float));
        for (size_t i = 0; i < output_size; i++) dx[*argmax++] += *dy++;
    }
}
