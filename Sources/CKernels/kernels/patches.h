#pragma once

#include <stdbool.h>
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

/// Whether the output is as wide as the image and each output lies over its own pixel, as with a kernel of 3, a stride
/// of 1 and a padding of 1. Then the column matrix has a shifted copy of the plane in each row: one long run instead of
/// many short ones, with the ends of the lines set right afterwards.
static inline bool keeps_width(const martlet_window *window) {
    return window->stride == 1 && window->output_width == window->width;
}

/// Sets the entries of a row of the column matrix to zero that lie beside the image.
static inline void clear_line_ends(float *row, touching lines, touching across, size_t output_width) {
    for (size_t x = 0; x < across.first; x++) {
        for (size_t y = lines.first; y < lines.last; y++) row[y * output_width + x] = 0.0f;
    }
    for (size_t x = across.last; x < output_width; x++) {
        for (size_t y = lines.first; y < lines.last; y++) row[y * output_width + x] = 0.0f;
    }
}

/// The first and the last entry of a row of the column matrix that lie over the image.
static inline touching run_of(touching lines, touching across, size_t output_width) {
    touching run = {0, 0};
    if (lines.first == lines.last || across.first == across.last) return run;
    run.first = lines.first * output_width + across.first;
    run.last = (lines.last - 1) * output_width + across.last;
    return run;
}

static void image_to_columns(const martlet_window *window, const float *restrict image, float *restrict columns) {
    const size_t width = window->width, stride = window->stride, padding = window->padding;
    const size_t output_width = window->output_width, outputs = window->output_height * output_width;
    for (size_t channel = 0; channel < window->channels; channel++, image += window->height * width) {
        for (size_t ky = 0; ky < window->kernel; ky++) {
            const touching lines = outputs_touching(window, ky, window->height, window->output_height);
            for (size_t kx = 0; kx < window->kernel; kx++, columns += outputs) {
                const touching across = outputs_touching(window, kx, width, output_width);
                if (keeps_width(window)) {
                    const touching run = run_of(lines, across, output_width);
                    const float *source = image + (run.first + ky * width + kx - padding * width - padding);
                    for (size_t i = 0; i < run.first; i++) columns[i] = 0.0f;
                    for (size_t i = 0; i < run.last - run.first; i++) columns[run.first + i] = source[i];
                    for (size_t i = run.last; i < outputs; i++) columns[i] = 0.0f;
                    clear_line_ends(columns, lines, across, output_width);
                    continue;
                }
                memset(columns, 0, outputs * sizeof(float));
                for (size_t y = lines.first; y < lines.last; y++) {
                    const float *source = image + (y * stride + ky - padding) * width;
                    float *target = columns + y * output_width;
                    for (size_t x = across.first; x < across.last; x++) target[x] = source[x * stride + kx - padding];
                }
            }
        }
    }
}

static void columns_to_image(const martlet_window *window, float *restrict columns, float *restrict image) {
    const size_t width = window->width, stride = window->stride, padding = window->padding;
    const size_t output_width = window->output_width, outputs = window->output_height * output_width;
    memset(image, 0, window->channels * window->height * width * sizeof(float));
    for (size_t channel = 0; channel < window->channels; channel++, image += window->height * width) {
        for (size_t ky = 0; ky < window->kernel; ky++) {
            const touching lines = outputs_touching(window, ky, window->height, window->output_height);
            for (size_t kx = 0; kx < window->kernel; kx++, columns += outputs) {
                const touching across = outputs_touching(window, kx, width, output_width);
                if (keeps_width(window)) {
                    const touching run = run_of(lines, across, output_width);
                    float *target = image + (run.first + ky * width + kx - padding * width - padding);
                    clear_line_ends(columns, lines, across, output_width);
                    for (size_t i = 0; i < run.last - run.first; i++) target[i] += columns[run.first + i];
                    continue;
                }
                for (size_t y = lines.first; y < lines.last; y++) {
                    float *target = image + (y * stride + ky - padding) * width;
                    const float *source = columns + y * output_width;
                    for (size_t x = across.first; x < across.last; x++) target[x * stride + kx - padding] += source[x];
                }
            }
        }
    }
}
