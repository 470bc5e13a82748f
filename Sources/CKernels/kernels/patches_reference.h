#pragma once

#include "CKernels.h"

/// The pixel under a place of an output's window; -1 if it lies on the padding.
static long pixel_under(const martlet_axis *axis, size_t output, size_t place) {
    const long pixel = (long)(output * axis->stride + place * axis->dilation) - (long)axis->padding;
    return pixel < 0 || pixel >= (long)axis->size ? -1 : pixel;
}

/// Where in the image an entry of the column matrix comes from; -1 if from the padding.
static long source_of(const martlet_window *window, size_t row, size_t column) {
    const size_t kernel = window->x.kernel, area = window->y.kernel * kernel, channel = row / area;
    const long y = pixel_under(&window->y, column / window->x.outputs, row % area / kernel);
    const long x = pixel_under(&window->x, column % window->x.outputs, row % kernel);
    if (y < 0 || x < 0) return -1;
    return ((long)(channel * window->y.size) + y) * (long)window->x.size + x;
}

static void image_to_columns(const martlet_window *window, const float *image, float *columns) {
    const size_t outputs = window->y.outputs * window->x.outputs;
    for (size_t row = 0; row < window->channels * window->y.kernel * window->x.kernel; row++) {
        for (size_t column = 0; column < outputs; column++) {
            const long source = source_of(window, row, column);
            columns[row * outputs + column] = source < 0 ? 0.0f : image[source];
        }
    }
}

static void columns_to_image(const martlet_window *window, float *columns, float *image) {
    const size_t outputs = window->y.outputs * window->x.outputs;
    for (size_t i = 0; i < window->channels * window->y.size * window->x.size; i++) image[i] = 0.0f;
    for (size_t row = 0; row < window->channels * window->y.kernel * window->x.kernel; row++) {
        for (size_t column = 0; column < outputs; column++) {
            const long source = source_of(window, row, column);
            if (source >= 0) image[source] += columns[row * outputs + column];
        }
    }
}
