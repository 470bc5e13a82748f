#pragma once

#include <string.h>

#include "CKernels.h"

/// The outputs along one axis whose windows touch the image at a given place of the kernel: first ..< last.
typedef struct touching {
    size_t first, last;
} touching;

static inline touching outputs_touching(const martlet_window *window, size_t place, size_t side, size_t outputs) {
    const size_t padding = window->padding, stride = window->stride;
    touching range;
    range.first = padding > place ? (padding - place + stride - 1) / stride : 0;
    range.last = side + padding > place ? (side + padding - place - 1) / stride + 1 : 0;
    if (range.first > outputs) range.first = outputs;
    if (range.last > outputs) range.last = outputs;
    if (range.last < range.first) range.last = range.first;
    return range;
}

static void image_to_columns(const martlet_window *window, const float *restrict image, float *restrict columns) {
    const size_t width = window->width, stride = window->stride, padding = window->padding;
    const size_t output_height = window->output_height, output_width = window->output_width;
    for (size_t channel = 0; channel < window->channels; channel++, image += window->height * width) {
        for (size_t ky = 0; ky < window->kernel; ky++) {
            const touching rows = outputs_touching(window, ky, window->height, output_height);
            for (size_t kx = 0; kx < window->kernel; kx++, columns += output_height * output_width) {
                const touching across = outputs_touching(window, kx, width, output_width);
                memset(columns, 0, rows.first * output_width * sizeof(float));
                for (size_t y = rows.first; y < rows.last; y++) {
                    const float *source = image + (y * stride + ky - padding) * width;
                    float *target = columns + y * output_width;
                    for (size_t x = 0; x < across.first; x++) target[x] = 0.0f;
                    if (stride == 1) {
                        for (size_t x = across.first; x < across.last; x++) target[x] = source[x + kx - padding];
                    } else {
                        for (size_t x = across.first; x < across.last; x++) {
                            target[x] = source[x * stride + kx - padding];
                        }
                    }
                    for (size_t x = across.last; x < output_width; x++) target[x] = 0.0f;
                }
                memset(columns + rows.last * output_width, 0,
                       (output_height - rows.last) * output_width * sizeof(float));
            }
        }
    }
}

static void columns_to_image(const martlet_window *window, const float *restrict columns, float *restrict image) {
    const size_t width = window->width, stride = window->stride, padding = window->padding;
    const size_t output_height = window->output_height, output_width = window->output_width;
    memset(image, 0, window->channels * window->height * width * sizeof(float));
    for (size_t channel = 0; channel < window->channels; channel++, image += window->height * width) {
        for (size_t ky = 0; ky < window->kernel; ky++) {
            const touching rows = outputs_touching(window, ky, window->height, output_height);
            for (size_t kx = 0; kx < window->kernel; kx++, columns += output_height * output_width) {
                const touching across = outputs_touching(window, kx, width, output_width);
                for (size_t y = rows.first; y < rows.last; y++) {
                    float *target = image + (y * stride + ky - padding) * width;
                    const float *source = columns + y * output_width;
                    if (stride == 1) {
                        for (size_t x = across.first; x < across.last; x++) target[x + kx - padding] += source[x];
                    } else {
                        for (size_t x = across.first; x < across.last; x++) {
                            target[x * stride + kx - padding] += source[x];
                        }
                    }
                }
            }
        }
    }
}
