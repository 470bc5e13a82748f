#pragma once

#include "CKernels.h"

/// Where in the image an entry of the column matrix comes from; -1 if from the padding.
static long source_of(const martlet_window *window, size_t row, size_t column) {
    const size_t kernel = window->kernel, channel = row / (kernel * kernel);
    const long y = (long)(column / window->output_width * window->stride + row / kernel % kernel) -
                   (long)window->padding;
    const long x = (long)(column % window->output_width * window->stride + row % kernel) - (long)window->padding;
    if (y < 0 || y >= (long)window->height || x < 0 || x >= (long)window->width) return -1;
    return ((long)channel * (long)window->height + y) * (long)window->width + x;
}

static void image_to_columns(const martlet_window *window, const float *image, float *columns) {
    const size_t outputs = window->output_height * window->output_width;
    for (size_t row = 0; row < window->channels * window->kernel * window->kernel; row++) {
        for (size_t column = 0; column < outputs; column++) {
            const long source = source_of(window, row, column);
            columns[row * outputs + column] = source < 0 ? 0.0f : image[source];
        }
    }
}

static void columns_to_image(const martlet_window *window, float *columns, float *image) {
    const size_t outputs = window->output_height * window->output_width;
    for (size_t i = 0; i < window->channels * window->height * window->width; i++) image[i] = 0.0f;
    for (size_t row = 0; row < window->channels * window->kernel * window->kernel; row++) {
        for (size_t column = 0; column < outputs; column++) {
            const long source = source_of(window, row, column);
            if (source >= 0) image[source] += columns[row * outputs + column];
        }
    }
}
