#pragma once

#include "softmax.h"

#pragma clang fp contract(off)

/// Longest run of exponentials that cross_entropy keeps on its stack when no gradient is wanted.
#define CROSS_ENTROPY_PIECE 256

/// Sum of e^(x - offset), for a loss without a gradient.
static inline float sum_of_exponentials(const float *x, float offset, size_t count) {
    float piece[CROSS_ENTROPY_PIECE];
    float sum = 0;
    for (size_t i = 0; i < count; i += CROSS_ENTROPY_PIECE) {
        const size_t length = count - i < CROSS_ENTROPY_PIECE ? count - i : CROSS_ENTROPY_PIECE;
        sum += exponentials(x + i, offset, piece, length);
    }
    return sum;
}

static double cross_entropy(const float *logits, const float *labels, float *gradient, float scale, size_t rows,
                            size_t columns) {
    double loss = 0;
    for (size_t row = 0; row < rows; row++) {
        const float *x = logits + row * columns;
        float *dx = gradient ? gradient + row * columns : NULL;
        if (!(labels[row] >= 0.0f && labels[row] < (float)columns)) {
            loss = NAN;
            if (dx) memset(dx, 0, columns * sizeof(float));
            continue;
        }
        const size_t label = (size_t)labels[row];
        const float largest = largest_of(x, columns);
        const float sum = dx ? exponentials(x, largest, dx, columns) : sum_of_exponentials(x, largest, columns);
        loss += log((double)sum) + ((double)largest - (double)x[label]);
        if (!dx) continue;
        const float factor = scale / sum;
        for (size_t i = 0; i < columns; i++) dx[i] *= factor;
        dx[label] -= scale;
    }
    return loss;
}

static double binary_cross_entropy(const float *logits, const float *targets, float *gradient, float scale,
                                   size_t count) {
    double loss = 0;
    for (size_t i = 0; i < count; i++) {
        const double x = logits[i], magnitude = x < 0 ? -x : x;
        loss += (x > 0 ? x : 0) - x * targets[i] + log1p(exp(-magnitude));
    }
    if (gradient) {
        for (size_t i = 0; i < count; i++) gradient[i] = scale * (logistic(logits[i]) - targets[i]);
    }
    return loss;
}

static double squared_error(const float *restrict x, const float *restrict targets, float *restrict gradient,
                            float scale, size_t count) {
    // Eight partial sums: a single one would make each addition wait for the one before.
    double sums[8] = {0};
    for (size_t i = 0; i < count; i++) {
        const double difference = (double)x[i] - (double)targets[i];
        sums[i % 8] += difference * difference;
    }
    if (gradient) {
        for (size_t i = 0; i < count; i++) gradient[i] = 2.0f * scale * (x[i] - targets[i]);
    }
    return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}
