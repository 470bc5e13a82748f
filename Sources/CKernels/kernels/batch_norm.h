#pragma once

#include "activations.h"
#include "lanes.h"

#pragma clang fp contract(off)

/// Sum of (x - offset)^power over a plane, for the powers 1 and 2.
static inline float plane_sum(const float *restrict x, float offset, size_t count, bool squared) {
    float sums[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            const float value = x[i + lane] - offset;
            sums[lane] += squared ? value * value : value;
        }
    }
    for (size_t lane = 0; i < count; i++, lane++) {
        const float value = x[i] - offset;
        sums[lane] += squared ? value * value : value;
    }
    return sum_of_lanes(sums);
}

/// Means of sixteen channels or less of rows x channels, and then mean squares of the distance from them.
static inline void column_statistics(const float *restrict x, size_t rows, size_t channels, size_t width,
                                     float *restrict mean, float *restrict variance) {
    double sums[LANES] = {0}, squares[LANES] = {0};
    for (size_t row = 0; row < rows; row++) {
        for (size_t lane = 0; lane < width; lane++) sums[lane] += (double)x[row * channels + lane];
    }
    for (size_t lane = 0; lane < width; lane++) mean[lane] = (float)(sums[lane] / (double)rows);
    for (size_t row = 0; row < rows; row++) {
        for (size_t lane = 0; lane < width; lane++) {
            const float distance = x[row * channels + lane] - mean[lane];
            squares[lane] += (double)(distance * distance);
        }
    }
    for (size_t lane = 0; lane < width; lane++) variance[lane] = (float)(squares[lane] / (double)rows);
}

static void batch_statistics(const float *x, float *mean, float *variance, size_t rows, size_t channels,
                             size_t spatial) {
    if (spatial == 1) {
        size_t channel = 0;
        for (; channel + LANES <= channels; channel += LANES) {
            column_statistics(x + channel, rows, channels, LANES, mean + channel, variance + channel);
        }
        if (channel < channels) {
            column_statistics(x + channel, rows, channels, channels - channel, mean + channel, variance + channel);
        }
        return;
    }
    const double count = (double)(rows * spatial);
    for (size_t channel = 0; channel < channels; channel++) {
        double sum = 0, squares = 0;
        for (size_t row = 0; row < rows; row++) {
            sum += (double)plane_sum(x + (row * channels + channel) * spatial, 0.0f, spatial, false);
        }
        mean[channel] = (float)(sum / count);
        for (size_t row = 0; row < rows; row++) {
            squares += (double)plane_sum(x + (row * channels + channel) * spatial, mean[channel], spatial, true);
        }
        variance[channel] = (float)(squares / count);
    }
}

static void batch_norm_forward(martlet_activation activation, const float *restrict x, const float *restrict mean,
                               const float *restrict inverse, const float *restrict gamma,
                               const float *restrict beta, float *restrict y, size_t rows, size_t channels,
                               size_t spatial) {
    for (size_t row = 0; row < rows; row++) {
        if (spatial == 1) {
            FOR_CONSTANT_ACTIVATION(activation, for (size_t i = 0; i < channels; i++) {
                y[i] = activate(constant, (x[i] - mean[i]) * (inverse[i] * gamma[i]) + beta[i]);
            })
            x += channels, y += channels;
            continue;
        }
        for (size_t channel = 0; channel < channels; channel++, x += spatial, y += spatial) {
            const float offset = mean[channel], factor = inverse[channel] * gamma[channel], shift = beta[channel];
            FOR_CONSTANT_ACTIVATION(activation, for (size_t i = 0; i < spatial; i++) {
                y[i] = activate(constant, (x[i] - offset) * factor + shift);
            })
        }
    }
}

/// In place dy = dy activation'. Adds the sums of dy and of dy (x - offset) over a plane.
static inline void plane_slopes(martlet_activation activation, const float *restrict x, const float *restrict y,
                                float *restrict dy, float offset, size_t count, double *sum, double *product) {
    float sums[LANES] = {0}, products[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            const float slope = activation_gradient(activation, y[i + lane], dy[i + lane]);
            dy[i + lane] = slope;
            sums[lane] += slope;
            products[lane] += slope * (x[i + lane] - offset);
        }
    }
    for (size_t lane = 0; i < count; i++, lane++) {
        const float slope = activation_gradient(activation, y[i], dy[i]);
        dy[i] = slope;
        sums[lane] += slope;
        products[lane] += slope * (x[i] - offset);
    }
    *sum += (double)sum_of_lanes(sums);
    *product += (double)sum_of_lanes(products);
}

static inline void column_slopes(martlet_activation activation, const float *restrict x, const float *restrict y,
                                 float *restrict dy, const float *restrict mean, const float *restrict inverse,
                                 float *restrict dgamma, float *restrict dbeta, size_t rows, size_t channels,
                                 size_t width) {
    double sums[LANES] = {0}, products[LANES] = {0};
    for (size_t row = 0; row < rows; row++, x += channels, y += channels, dy += channels) {
        for (size_t lane = 0; lane < width; lane++) {
            const float slope = activation_gradient(activation, y[lane], dy[lane]);
            dy[lane] = slope;
            sums[lane] += (double)slope;
            products[lane] += (double)(slope * (x[lane] - mean[lane]));
        }
    }
    for (size_t lane = 0; lane < width; lane++) {
        dbeta[lane] = (float)sums[lane];
        dgamma[lane] = (float)products[lane] * inverse[lane];
    }
}

static void batch_norm_slopes(martlet_activation activation, const float *x, const float *y, float *dy,
                              const float *mean, const float *inverse, float *dgamma, float *dbeta, size_t rows,
                              size_t channels, size_t spatial) {
    if (spatial == 1) {
        for (size_t channel = 0; channel < channels; channel += LANES) {
            const size_t width = channels - channel < LANES ? channels - channel : LANES;
            FOR_CONSTANT_ACTIVATION(
                activation, column_slopes(constant, x + channel, y + channel, dy + channel, mean + channel,
                                          inverse + channel, dgamma + channel, dbeta + channel, rows, channels, width))
        }
        return;
    }
    for (size_t channel = 0; channel < channels; channel++) {
        double sum = 0, product = 0;
        for (size_t row = 0; row < rows; row++) {
            const size_t place = (row * channels + channel) * spatial;
            FOR_CONSTANT_ACTIVATION(activation, plane_slopes(constant, x + place, y + place, dy + place,
                                                             mean[channel], spatial, &sum, &product))
        }
        dbeta[channel] = (float)sum;
        dgamma[channel] = (float)product * inverse[channel];
    }
}

static void batch_norm_backward(const float *restrict x, const float *restrict dy, const float *restrict mean,
                                const float *restrict inverse, const float *restrict gamma,
                                const float *restrict dgamma, const float *restrict dbeta, float *restrict dx,
                                size_t rows, size_t channels, size_t spatial) {
    const float share = 1.0f / (float)(rows * spatial);
    for (size_t row = 0; row < rows; row++) {
        if (spatial == 1) {
            for (size_t i = 0; i < channels; i++) {
                const float normal = (x[i] - mean[i]) * inverse[i];
                dx[i] = (inverse[i] * gamma[i]) * (dy[i] - dbeta[i] * share - normal * (dgamma[i] * share));
            }
            x += channels, dy += channels, dx += channels;
            continue;
        }
        for (size_t channel = 0; channel < channels; channel++, x += spatial, dy += spatial, dx += spatial) {
            const float offset = mean[channel], factor = inverse[channel] * gamma[channel];
            const float shift = dbeta[channel] * share, slope = inverse[channel] * (dgamma[channel] * share);
            for (size_t i = 0; i < spatial; i++) dx[i] = factor * (dy[i] - shift - (x[i] - offset) * slope);
        }
    }
}

static void scale_channels(const float *restrict factor, const float *restrict x, float *restrict y, size_t rows,
                           size_t channels, size_t spatial) {
    for (size_t row = 0; row < rows; row++) {
        if (spatial == 1) {
            for (size_t i = 0; i < channels; i++) y[i] = x[i] * factor[i];
            x += channels, y += channels;
            continue;
        }
        for (size_t channel = 0; channel < channels; channel++, x += spatial, y += spatial) {
            for (size_t i = 0; i < spatial; i++) y[i] = x[i] * factor[channel];
        }
    }
}
