#pragma once

#include <string.h>

#include "CKernels.h"
#include "lanes.h"
#include "windows.h"

#pragma clang fp contract(off)

static void depthwise_forward(const martlet_window *window, size_t multiplier, const float *x, const float *w,
                              float *y) {
    const martlet_axis *vertical = &window->y, *horizontal = &window->x;
    const size_t width = horizontal->size, plane = vertical->size * width;
    const size_t output_width = horizontal->outputs, outputs = vertical->outputs * output_width;
    for (size_t channel = 0; channel < window->channels * multiplier; channel++, y += outputs) {
        const float *image = x + channel / multiplier * plane;
        memset(y, 0, outputs * sizeof(float));
        for (size_t ky = 0; ky < vertical->kernel; ky++) {
            const touching lines = outputs_touching(vertical, ky);
            for (size_t kx = 0; kx < horizontal->kernel; kx++) {
                const touching across = outputs_touching(horizontal, kx);
                const float weight = *w++;
                for (size_t i = lines.first; i < lines.last; i++) {
                    const float *restrict source = image + pixel_under(vertical, i, ky) * width;
                    float *restrict target = y + i * output_width;
                    for (size_t j = across.first; j < across.last; j++) {
                        target[j] += weight * source[pixel_under(horizontal, j, kx)];
                    }
                }
            }
        }
    }
}

/// Adds the products of a line of slopes with the pixels under it to sixteen partial sums.
static inline void add_line_products(const martlet_axis *axis, size_t place, touching across,
                                     const float *restrict source, const float *restrict slopes,
                                     float sums[LANES]) {
    size_t j = across.first;
    for (; j + LANES <= across.last; j += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            sums[lane] += slopes[j + lane] * source[pixel_under(axis, j + lane, place)];
        }
    }
    for (size_t lane = 0; j < across.last; j++, lane++) sums[lane] += slopes[j] * source[pixel_under(axis, j, place)];
}

static void depthwise_backward(const martlet_window *window, size_t multiplier, const float *x, const float *w,
                               const float *dy, float *dw, float *dx) {
    const martlet_axis *vertical = &window->y, *horizontal = &window->x;
    const size_t width = horizontal->size, plane = vertical->size * width;
    const size_t output_width = horizontal->outputs, outputs = vertical->outputs * output_width;
    if (dx) memset(dx, 0, window->channels * plane * sizeof(float));
    for (size_t channel = 0; channel < window->channels * multiplier; channel++, dy += outputs) {
        const size_t start = channel / multiplier * plane;
        for (size_t ky = 0; ky < vertical->kernel; ky++) {
            const touching lines = outputs_touching(vertical, ky);
            for (size_t kx = 0; kx < horizontal->kernel; kx++) {
                const touching across = outputs_touching(horizontal, kx);
                const float weight = *w++;
                float sums[LANES] = {0};
                for (size_t i = lines.first; i < lines.last; i++) {
                    const size_t line = start + pixel_under(vertical, i, ky) * width;
                    const float *restrict slopes = dy + i * output_width;
                    add_line_products(horizontal, kx, across, x + line, slopes, sums);
                    if (!dx) continue;
                    float *restrict target = dx + line;
                    for (size_t j = across.first; j < across.last; j++) {
                        target[pixel_under(horizontal, j, kx)] += weight * slopes[j];
                    }
                }
                *dw++ += sum_of_lanes(sums);
            }
        }
    }
}
