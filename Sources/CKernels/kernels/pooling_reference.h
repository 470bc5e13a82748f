#pragma once

#include <math.h>

#include "CKernels.h"
#include "patches_reference.h"

static void max_pool_forward(const martlet_window *window, const float *x, float *y, int32_t *argmax) {
    const size_t outputs = window->y.outputs * window->x.outputs;
    martlet_window plane = *window;
    plane.channels = 1;
    for (size_t output = 0; output < window->channels * outputs; output++) {
        const float *values = x + output / outputs * window->y.size * window->x.size;
        float largest = -INFINITY;
        long position = -1;
        for (size_t place = 0; place < window->y.kernel * window->x.kernel; place++) {
            const long pixel = source_of(&plane, place, output % outputs);
            if (pixel < 0) continue;
            if (position < 0 || values[pixel] > largest || isnan(values[pixel])) {
                largest = values[pixel];
                position = pixel;
            }
        }
        y[output] = largest;
        if (argmax) argmax[output] = (int32_t)position;
    }
}

static void max_pool_backward(const martlet_window *window, const int32_t *argmax, const float *dy, float *dx) {
    const size_t plane_size = window->y.size * window->x.size;
    const size_t output_size = window->y.outputs * window->x.outputs;
    for (size_t i = 0; i < window->channels * plane_size; i++) dx[i] = 0;
    for (size_t i = 0; i < window->channels * output_size; i++) dx[i / output_size * plane_size + argmax[i]] += dy[i];
}

static void average_pool_forward(const martlet_window *window, const float *x, float *y) {
    const size_t outputs = window->y.outputs * window->x.outputs, area = window->y.kernel * window->x.kernel;
    for (size_t output = 0; output < window->channels * outputs; output++) {
        double sum = 0;
        for (size_t place = 0; place < area; place++) {
            const long pixel = source_of(window, output / outputs * area + place, output % outputs);
            if (pixel >= 0) sum += x[pixel];
        }
        y[output] = (float)(sum / (double)area);
    }
}

static void average_pool_backward(const martlet_window *window, const float *dy, float *dx) {
    const size_t outputs = window->y.outputs * window->x.outputs, area = window->y.kernel * window->x.kernel;
    for (size_t i = 0; i < window->channels * window->y.size * window->x.size; i++) dx[i] = 0;
    for (size_t output = 0; output < window->channels * outputs; output++) {
        for (size_t place = 0; place < area; place++) {
            const long pixel = source_of(window, output / outputs * area + place, output % outputs);
            if (pixel >= 0) dx[pixel] += dy[output] / (float)area;
        }
    }
}
