#pragma once

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "CKernels.h"
#include "batch_norm.h"
#include "windows.h"

/// The places of the kernel of an output's window that touch the image: first ..< last.
static inline touching places_touching(const martlet_axis *axis, size_t output) {
    const size_t start = output * axis->stride, dilation = axis->dilation, end = axis->size + axis->padding;
    touching range;
    range.first = axis->padding > start ? (axis->padding - start + dilation - 1) / dilation : 0;
    range.last = end > start ? (end - start - 1) / dilation + 1 : 0;
    if (range.last > axis->kernel) range.last = axis->kernel;
    return range;
}

/// The four values of a 2 x 2 window in order; the first of equal ones wins, as in PyTorch, and NaN wins over all.
static inline void greater_of(float value, int32_t index, float *largest, int32_t *position) {
    const bool replaces = value > *largest || value != value;
    *largest = replaces ? value : *largest;
    *position = replaces ? index : *position;
}

/// Windows of 2 x 2 that neither overlap nor leave the plane, by far the most common.
static inline bool is_halving(const martlet_window *window) {
    const martlet_axis *y = &window->y, *x = &window->x;
    return y->kernel == 2 && x->kernel == 2 && y->stride == 2 && x->stride == 2 && y->padding == 0 &&
           x->padding == 0 && y->dilation == 1 && x->dilation == 1;
}

static void halving_forward(const martlet_window *window, const float *restrict x, float *restrict y,
                            int32_t *restrict argmax) {
    const size_t width = window->x.size, output_width = window->x.outputs;
    for (size_t plane = 0; plane < window->channels; plane++, x += window->y.size * width) {
        for (size_t row = 0; row < window->y.outputs; row++, y += output_width) {
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
    const martlet_axis *vertical = &window->y, *horizontal = &window->x;
    const long width = (long)horizontal->size;
    for (size_t plane = 0; plane < window->channels; plane++, x += vertical->size * horizontal->size) {
        for (size_t row = 0; row < vertical->outputs; row++) {
            const touching lines = places_touching(vertical, row);
            for (size_t column = 0; column < horizontal->outputs; column++) {
                const touching across = places_touching(horizontal, column);
                float largest = -INFINITY;
                int32_t position = -1;
                for (size_t ky = lines.first; ky < lines.last; ky++) {
                    const long line = (long)pixel_under(vertical, row, ky) * width;
                    for (size_t kx = across.first; kx < across.last; kx++) {
                        const int32_t pixel = (int32_t)(line + (long)pixel_under(horizontal, column, kx));
                        if (position < 0) position = pixel;
                        greater_of(x[pixel], pixel, &largest, &position);
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
    const size_t plane_size = window->y.size * window->x.size;
    const size_t output_size = window->y.outputs * window->x.outputs;
    for (size_t plane = 0; plane < window->channels; plane++, dx += plane_size) {
        memset(dx, 0, plane_size * sizeof(float));
        for (size_t i = 0; i < output_size; i++) dx[*argmax++] += *dy++;
    }
}

/// Whether there is one window, the whole plane: global average pooling.
static inline bool is_global(const martlet_window *window) {
    return window->y.outputs * window->x.outputs == 1 && window->y.kernel == window->y.size &&
           window->x.kernel == window->x.size && window->y.padding == 0 && window->x.padding == 0;
}

static void average_pool_forward(const martlet_window *window, const float *x, float *y) {
    const martlet_axis *vertical = &window->y, *horizontal = &window->x;
    const size_t width = horizontal->size, plane = vertical->size * width;
    const size_t output_width = horizontal->outputs, outputs = vertical->outputs * output_width;
    const float share = 1.0f / (float)(vertical->kernel * horizontal->kernel);
    for (size_t channel = 0; channel < window->channels; channel++, x += plane, y += outputs) {
        if (is_global(window)) {
            *y = plane_sum(x, 0.0f, plane, false) * share;
            continue;
        }
        memset(y, 0, outputs * sizeof(float));
        for (size_t ky = 0; ky < vertical->kernel; ky++) {
            const touching lines = outputs_touching(vertical, ky);
            for (size_t kx = 0; kx < horizontal->kernel; kx++) {
                const touching across = outputs_touching(horizontal, kx);
                for (size_t i = lines.first; i < lines.last; i++) {
                    const float *restrict source = x + pixel_under(vertical, i, ky) * width;
                    float *restrict target = y + i * output_width;
                    for (size_t j = across.first; j < across.last; j++) {
                        target[j] += source[pixel_under(horizontal, j, kx)];
                    }
                }
            }
        }
        for (size_t i = 0; i < outputs; i++) y[i] *= share;
    }
}

static void average_pool_backward(const martlet_window *window, const float *dy, float *dx) {
    const martlet_axis *vertical = &window->y, *horizontal = &window->x;
    const size_t width = horizontal->size, plane = vertical->size * width;
    const size_t output_width = horizontal->outputs, outputs = vertical->outputs * output_width;
    const float share = 1.0f / (float)(vertical->kernel * horizontal->kernel);
    memset(dx, 0, window->channels * plane * sizeof(float));
    for (size_t channel = 0; channel < window->channels; channel++, dx += plane, dy += outputs) {
        for (size_t ky = 0; ky < vertical->kernel; ky++) {
            const touching lines = outputs_touching(vertical, ky);
            for (size_t kx = 0; kx < horizontal->kernel; kx++) {
                const touching across = outputs_touching(horizontal, kx);
                for (size_t i = lines.first; i < lines.last; i++) {
                    const float *restrict source = dy + i * output_width;
                    float *restrict target = dx + pixel_under(vertical, i, ky) * width;
                    for (size_t j = across.first; j < across.last; j++) {
                        target[pixel_under(horizontal, j, kx)] += source[j] * share;
                    }
                }
            }
        }
    }
}
