#pragma once

#include "activations_reference.h"

static void batch_statistics(const float *x, float *mean, float *variance, size_t rows, size_t channels,
                             size_t spatial) {
    const double count = (double)(rows * spatial);
    for (size_t channel = 0; channel < channels; channel++) {
        double sum = 0, squares = 0;
        for (size_t row = 0; row < rows; row++) {
            for (size_t i = 0; i < spatial; i++) sum += x[(row * channels + channel) * spatial + i];
        }
        for (size_t row = 0; row < rows; row++) {
            for (size_t i = 0; i < spatial; i++) {
                const double distance = x[(row * channels + channel) * spatial + i] - sum / count;
                squares += distance * distance;
            }
        }
        mean[channel] = (float)(sum / count);
        variance[channel] = (float)(squares / count);
    }
}

static void batch_norm_forward(martlet_activation activation, const float *x, const float *mean,
                               const float *inverse, const float *gamma, const float *beta, float *y, size_t rows,
                               size_t channels, size_t spatial) {
    for (size_t i = 0; i < rows * channels * spatial; i++) {
        const size_t channel = i / spatial % channels;
        const double normal = ((double)x[i] - mean[channel]) * inverse[channel];
        y[i] = activate(activation, (float)(normal * gamma[channel] + beta[channel]));
    }
}

static void batch_norm_slopes(martlet_activation activation, const float *x, const float *y, float *dy,
                              const float *mean, const float *inverse, float *dgamma, float *dbeta, size_t rows,
                              size_t channels, size_t spatial) {
    activation_backward(activation, y, dy, dy, rows * channels * spatial);
    for (size_t channel = 0; channel < channels; channel++) {
        double sum = 0, product = 0;
        for (size_t row = 0; row < rows; row++) {
            for (size_t i = 0; i < spatial; i++) {
                const size_t place = (row * channels + channel) * spatial + i;
                sum += dy[place];
                product += (double)dy[place] * (x[place] - mean[channel]) * inverse[channel];
            }
        }
        dbeta[channel] = (float)sum;
        dgamma[channel] = (float)product;
    }
}

static void batch_norm_backward(const float *x, const float *dy, const float *mean, const float *inverse,
                                const float *gamma, const float *dgamma, const float *dbeta, float *dx, size_t rows,
                                size_t channels, size_t spatial) {
    const double count = (double)(rows * spatial);
    for (size_t i = 0; i < rows * channels * spatial; i++) {
        const size_t channel = i / spatial % channels;
        const double normal = ((double)x[i] - mean[channel]) * inverse[channel];
        const double slope = dy[i] - dbeta[channel] / count - normal * dgamma[channel] / count;
        dx[i] = (float)(inverse[channel] * gamma[channel] * slope);
    }
}

static void scale_channels(const float *factor, const float *x, float *y, size_t rows, size_t channels,
                           size_t spatial) {
    for (size_t i = 0; i < rows * channels * spatial; i++) y[i] = x[i] * factor[i / spatial % channels];
}
