#pragma once

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "CKernels.h"

/// Of a row's target: (1 - e) w[label] at the label, and e w / classes everywhere.
static double reference_part(martlet_labels counting, size_t label, size_t i, size_t columns) {
    const double w = counting.class_weights ? counting.class_weights[i] : 1;
    return w * ((i == label ? 1.0 - counting.smoothing : 0.0) + (double)counting.smoothing / columns);
}

static double cross_entropy(const float *logits, const float *labels, martlet_labels counting, float *gradient,
                            float scale, size_t rows, size_t columns, double *weight) {
    double loss = 0;
    *weight = 0;
    for (size_t row = 0; row < rows; row++) {
        const float *x = logits + row * columns;
        const int ignored = labels[row] < 0.0f;
        const int valid = labels[row] >= 0.0f && labels[row] < (float)columns;
        const size_t label = valid ? (size_t)labels[row] : 0;
        double largest = -INFINITY, sum = 0, parts = 0;
        for (size_t i = 0; i < columns; i++) largest = fmax(largest, x[i]);
        for (size_t i = 0; i < columns; i++) sum += exp(x[i] - largest);
        for (size_t i = 0; i < columns; i++) parts += reference_part(counting, label, i, columns);
        for (size_t i = 0; valid && i < columns; i++) {
            loss += reference_part(counting, label, i, columns) * (log(sum) + largest - x[i]);
        }
        if (valid) *weight += counting.class_weights ? counting.class_weights[label] : 1;
        if (!valid && !ignored) loss = NAN;
        for (size_t i = 0; gradient && i < columns; i++) {
            const double probability = exp(x[i] - largest) / sum;
            const double part = reference_part(counting, label, i, columns);
            gradient[row * columns + i] = valid ? (float)(scale * (probability * parts - part)) : 0.0f;
        }
    }
    return loss;
}

static double probability_cross_entropy(const float *p, const float *labels, martlet_labels counting, float *gradient,
                                        float scale, size_t rows, size_t columns, double *weight) {
    double loss = 0;
    *weight = 0;
    for (size_t row = 0; row < rows; row++) {
        const int ignored = labels[row] < 0.0f;
        const int valid = labels[row] >= 0.0f && labels[row] < (float)columns;
        const size_t label = valid ? (size_t)labels[row] : 0;
        if (valid) *weight += counting.class_weights ? counting.class_weights[label] : 1;
        if (!valid && !ignored) loss = NAN;
        for (size_t i = 0; i < columns; i++) {
            const double probability = p[row * columns + i];
            const double part = valid ? reference_part(counting, label, i, columns) : 0;
            if (part != 0) loss -= part * fmax(log(probability), -100);
            if (gradient) gradient[row * columns + i] = (float)(-scale * part / fmax(probability, 1e-12));
        }
    }
    return loss;
}

static double reference_binary(double x, int is_probability, const float *targets, martlet_labels counting,
                               float *gradient, float scale, size_t i, double *weight) {
    const double one = counting.class_weights ? counting.class_weights[1] : 1;
    const double zero = counting.class_weights ? counting.class_weights[0] : 1;
    if (gradient) gradient[i] = 0;
    if (targets[i] < 0) return 0;
    const double t = (1.0 - counting.smoothing) * targets[i] + 0.5 * counting.smoothing;
    *weight += one * targets[i] + zero * (1 - targets[i]);
    if (is_probability) {
        if (gradient) {
            gradient[i] = (float)(scale * (zero * (1 - t) * x - one * t * (1 - x)) / fmax(x * (1 - x), 1e-12));
        }
        return -(one * t * fmax(log(x), -100) + zero * (1 - t) * fmax(log(1 - x), -100));
    }
    const double p = 1 / (1 + exp(-x));
    if (gradient) gradient[i] = (float)(scale * (zero * (1 - t) * p - one * t * (1 - p)));
    return one * t * (fmax(-x, 0) + log1p(exp(-fabs(x)))) + zero * (1 - t) * (fmax(x, 0) + log1p(exp(-fabs(x))));
}

static double binary_cross_entropy(const float *logits, const float *targets, martlet_labels counting, float *gradient,
                                   float scale, size_t count, double *weight) {
    double loss = 0;
    *weight = 0;
    for (size_t i = 0; i < count; i++) {
        loss += reference_binary(logits[i], 0, targets, counting, gradient, scale, i, weight);
    }
    return loss;
}

static double probability_binary_cross_entropy(const float *p, const float *targets, martlet_labels counting,
                                               float *gradient, float scale, size_t count, double *weight) {
    double loss = 0;
    *weight = 0;
    for (size_t i = 0; i < count; i++) {
        loss += reference_binary(p[i], 1, targets, counting, gradient, scale, i, weight);
    }
    return loss;
}

static double kl_divergence(const float *logits, const float *targets, float *gradient, float scale, size_t rows,
                            size_t columns) {
    double loss = 0;
    for (size_t row = 0; row < rows; row++) {
        const float *x = logits + row * columns, *t = targets + row * columns;
        double largest = -INFINITY, sum = 0, total = 0;
        for (size_t i = 0; i < columns; i++) largest = fmax(largest, x[i]);
        for (size_t i = 0; i < columns; i++) sum += exp(x[i] - largest);
        for (size_t i = 0; i < columns; i++) total += t[i];
        for (size_t i = 0; i < columns; i++) {
            if (t[i] > 0) loss += t[i] * (log(t[i]) - (x[i] - largest - log(sum)));
            if (gradient) gradient[row * columns + i] = (float)(scale * (exp(x[i] - largest) / sum * total - t[i]));
        }
    }
    return loss;
}
