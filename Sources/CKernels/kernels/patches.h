#pragma once

#include <stdbool.h>
#include <string.h>

#include "CKernels.h"
#include "windows.h"

/// Whether the output is as wide as the image and each output lies over its own pixel, as with a kernel of 3, a stride
/// of 1 and a padding of 1. Then the column matrix has a shifted copy of the plane in each row: one long run instead of
/// many short ones, with the ends of the lines set right afterwards.
static inline bool keeps_width(const martlet_window *window) {
    return window->x.stride == 1 && window->y.stride == 1 && window->x.outputs == window->x.size;
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

/// The pixel that the first entry of a run comes from.
static inline size_t pixel_of_run(const martlet_window *window, touching run, size_t ky, size_t kx) {
    return run.first + (ky * window->y.dilation - window->y.padding) * window->x.size + kx * window->x.dilation -
           window->x.padding;
}

static void image_to_columns(const martlet_window *window, const float *restrict image, float *restrict columns) {
    const martlet_axis *vertical = &window->y, *horizontal = &window->x;
    const size_t width = horizontal->size, plane = vertical->size * width;
    const size_t output_width = horizontal->outputs, outputs = vertical->outputs * output_width;
    for (size_t channel = 0; channel < window->channels; channel++, image += plane) {
        for (size_t ky = 0; ky < vertical->kernel; ky++) {
            const touching lines = outputs_touching(vertical, ky);
            for (size_t kx = 0; kx < horizontal->kernel; kx++, columns += outputs) {
                const touching across = outputs_touching(horizontal, kx);
                if (keeps_width(window)) {
                    const touching run = run_of(lines, across, output_width);
                    const float *source = image + pixel_of_run(window, run, ky, kx);
                    for (size_t i = 0; i < run.first; i++) columns[i] = 0.0f;
                    for (size_t i = 0; i < run.last - run.first; i++) columns[run.first + i] = source[i];
                    for (size_t i = run.last; i < outputs; i++) columns[i] = 0.0f;
                    clear_line_ends(columns, lines, across, output_width);
                    continue;
                }
                memset(columns, 0, outputs * sizeof(float));
                for (size_t y = lines.first; y < lines.last; y++) {
                    const float *source = image + pixel_under(vertical, y, ky) * width;
                    float *target = columns + y * output_width;
                    for (size_t x = across.first; x < across.last; x++) target[x] = source[pixel_under(horizontal, x, kx)];
                }
            }
        }
    }
}

static void columns_to_image(const martlet_window *window, float *restrict columns, float *restrict image) {
    const martlet_axis *vertical = &window->y, *horizontal = &window->x;
    const size_t width = horizontal->size, plane = vertical->size * width;
    const size_t output_width = horizontal->outputs, outputs = vertical->outputs * output_width;
    memset(image, 0, window->channels * plane * sizeof(float));
    for (size_t channel = 0; channel < window->channels; channel++, image += plane) {
        for (size_t ky = 0; ky < vertical->kernel; ky++) {
            const touching lines = outputs_touching(vertical, ky);
            for (size_t kx = 0; kx < horizontal->kernel; kx++, columns += outputs) {
                const touching across = outputs_touching(horizontal, kx);
                if (keeps_width(window)) {
                    const touching run = run_of(lines, across, output_width);
                    float *target = image + pixel_of_run(window, run, ky, kx);
                    clear_line_ends(columns, lines, across, output_width);
                    for (size_t i = 0; i < run.last - run.first; i++) target[i] += columns[run.first + i];
                    continue;
                }
                for (size_t y = lines.first; y < lines.last; y++) {
                    float *target = image + pixel_under(vertical, y, ky) * width;
                    const float *source = columns + y * output_width;
                    for (size_t x = across.first; x < across.last; x++) target[pixel_under(horizontal, x, kx)] += source[x];
                }
            }
        }
    }
}
