#pragma once

#include <math.h>

#include "CKernels.h"

static void max_pool_forward(const martlet_window *window, const float *x, float *y, int32_t *argmax) {
    const long height = (long)window->height, width = (long)window->width, kernel = (long)window->kernel;
    for (size_t plane = 0; plane < window->channels; plane++) {
        for (size_t row = 0; row < window->output_height; row++) {
            for (size_t column = 0; column < window->output_width; column++) {
                const long top = (long)(row * window->stride) - (long)window->padding;
                const long left = (long)(column * window->stride) - (long)window->padding;
                float largest = -INFINITY;
                long position = -1;
                for (long i = top; i < top + kernel; i++) {
                    for (long j = left; j < left + kernel; j++) {
                        if (i < 0 || i >= height || j < 0 || j >= width) continue;
                        const float value = x[(long)plane * height * width + i * width + j];
                        if (position < 0 || value > largest || isnan(value)) {
                            largest = value;
                            position = i * width + j;
                        }
                    }
                }
                const size_t output = (plane * window->output_height + row) * window->output_width + column;
                y[output] = largest;
                if (argmax) argmax[output] = (int32_t)position;
            }
        }
    }
}

static void max_pool_backward(const martlet_window *window, const int32_t *argmax, const float *dy, float *dx) {
    const size_t plane_size = window->height * window->width;
    const size_t output_size = window->output_height * window->output_width;
    for (size_t i = 0; i < window->channels * plane_size; i++) dx[i] = 0;
    for (size_t i = 0; i < window->channels * output_size; i++) dx[i / output_size * plane_size + argmax[i]] += dy[i];
}
