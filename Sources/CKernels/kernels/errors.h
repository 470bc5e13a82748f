// Losses of the difference between a prediction x and its target t.
#pragma once

#include <math.h>
#include <stddef.h>

#pragma clang fp contract(off)

/// Partial sums side by side: a single one would make each addition wait for the one before.
#define ERROR_SUMS 8

static inline double sum_of_errors(const double sums[ERROR_SUMS]) {
    return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

static double squared_error(const float *restrict x, const float *restrict targets, float *restrict gradient,
                            float scale, size_t count) {
    double sums[ERROR_SUMS] = {0};
    for (size_t i = 0; i < count; i++) {
        const double difference = (double)x[i] - (double)targets[i];
        sums[i % ERROR_SUMS] += difference * difference;
    }
    if (gradient) {
        for (size_t i = 0; i < count; i++) gradient[i] = 2.0f * scale * (x[i] - targets[i]);
    }
    return sum_of_errors(sums);
}

static double absolute_error(const float *restrict x, const float *restrict targets, float *restrict gradient,
                             float scale, size_t count) {
    double sums[ERROR_SUMS] = {0};
    for (size_t i = 0; i < count; i++) {
        const double difference = (double)x[i] - (double)targets[i];
        sums[i % ERROR_SUMS] += difference < 0 ? -difference : difference;
    }
    if (gradient) {
        for (size_t i = 0; i < count; i++) {
            const float difference = x[i] - targets[i];
            // Of a difference that is not a number nothing is known, so neither of its gradient.
            const float sign = difference > 0.0f ? scale : (difference < 0.0f ? -scale : 0.0f);
            gradient[i] = difference == difference ? sign : difference;
        }
    }
    return sum_of_errors(sums);
}

static double huber(const float *restrict x, const float *restrict targets, float delta, float *restrict gradient,
                    float scale, size_t count) {
    double sums[ERROR_SUMS] = {0};
    for (size_t i = 0; i < count; i++) {
        const double difference = (double)x[i] - (double)targets[i];
        const double magnitude = difference < 0 ? -difference : difference;
        const double square = 0.5 * difference * difference, line = delta * (magnitude - 0.5 * delta);
        sums[i % ERROR_SUMS] += magnitude > delta ? line : square;
    }
    if (gradient) {
        for (size_t i = 0; i < count; i++) {
            float difference = x[i] - targets[i];
            difference = difference > delta ? delta : difference;
            difference = difference < -delta ? -delta : difference;
            gradient[i] = scale * difference;
        }
    }
    return sum_of_errors(sums);
}
