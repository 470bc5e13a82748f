#pragma once

#include "CKernels.h"
#include "patches_reference.h"

static void depthwise_forward(const martlet_window *window, size_t multiplier, const float *x, const float *w,
                              float *y) {
    const size_t outputs = window->y.outputs * window->x.outputs, area = window->y.kernel * window->x.kernel;
    for (size_t i = 0; i < window->channels * multiplier * outputs; i++) {
        const size_t channel = i / outputs;
        double sum = 0;
        for (size_t place = 0; place < area; place++) {
            const long pixel = source_of(window, channel / multiplier * area + place, i % outputs);
            if (pixel >= 0) sum += (double)w[channel * area + place] * x[pixel];
        }
        y[i] = (float)sum;
    }
}

static void depthwise_backward(const martlet_window *window, size_t multiplier, const float *x, const float *w,
                               const float *dy, float *dw, float *dx) {
    const size_t outputs = window->y.outputs * window->x.outputs, area = window->y.kernel * window->x.kernel;
    for (size_t i = 0; dx && i < window->channels * window->y.size * window->x.size; i++) dx[i] = 0;
    for (size_t channel = 0; channel < window->channels * multiplier; channel++) {
        for (size_t place = 0; place < area; place++) {
            double sum = 0;
            for (size_t output = 0; output < outputs; output++) {
                const long pixel = source_of(window, channel / multiplier * area + place, output);
                if (pixel < 0) continue;
                sum += (double)dy[channel * outputs + output] * x[pixel];
                if (dx) dx[pixel] += dy[channel * outputs + output] * w[channel * area + place];
            }
            dw[channel * area + place] += (float)sum;
        }
    }
}
