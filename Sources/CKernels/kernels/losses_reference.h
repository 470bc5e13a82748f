#pragma once

#include <math.h>
#include <stddef.h>
#include <string.h>

static double cross_entropy(const float *logits, const float *labels, float *gradient, float scale, size_t rows,
                            size_t columns) {
    double loss = 0;
    for (size_t row = 0; row < rows; row++) {
        const float *x = logits + row * columns;
        const int valid = labels[row] >= 0.0f && labels[row] < (float)columns;
        double largest = -INFINITY, sum = 0;
        for (size_t i = 0; i < columns; i++) largest = fmax(largest, x[i]);
        for (size_t i = 0; i < columns; i++) sum += exp(x[i] - largest);
        loss += valid ? log(sum) + largest - x[(size_t)labels[row]] : NAN;
        for (size_t i = 0; gradient && i < columns; i++) {
            const double probability = exp(x[i] - largest) / sum;
            gradient[row * columns + i] =
                valid ? (float)(scale * (probability - (i == (size_t)labels[row]))) : 0.0f;
        }
    }
    return loss;
}

static double binary_cross_entropy(const float *logits, const float *targets, float *gradient, float scale,
                                   size_t count) {
    double loss = 0;
    for (size_t i = 0; i < count; i++) {
        const double x = logits[i];
        loss += fmax(x, 0) - x * targets[i] + log1p(exp(-fabs(x)));
        if (gradient) gradient[i] = (float)(scale * (1 / (1 + exp(-x)) - targets[i]));
    }
    return loss;
}

static double squared_error(const float *x, const float *targets, float *gradient, float scale, size_t count) {
    double loss = 0;
    for (size_t i = 0; i < count; i++) {
        const double difference = (double)x[i] - targets[i];
        loss += difference * difference;
        if (gradient) gradient[i] = (float)(2 * scale * difference);
    }
    return loss;
}
