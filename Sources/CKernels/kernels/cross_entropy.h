#pragma once

#include "CKernels.h"
#include "softmax.h"

#pragma clang fp contract(off)

/// Longest run of exponentials that cross_entropy keeps on its stack when no gradient is wanted.
#define CROSS_ENTROPY_PIECE 256

/// Logarithms of probabilities are not taken below this, and no probability is divided by that is less, as in PyTorch.
#define LOWEST_LOGARITHM (-100.0)
#define LOWEST_PROBABILITY 1e-12f

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

static inline float class_weight(martlet_labels counting, size_t label) {
    return counting.class_weights ? counting.class_weights[label] : 1.0f;
}

static inline float sum_of_class_weights(martlet_labels counting, size_t columns) {
    if (!counting.class_weights) return (float)columns;
    float sum = 0;
    for (size_t i = 0; i < columns; i++) sum += counting.class_weights[i];
    return sum;
}

/// What a row's label makes of it.
typedef enum { LABEL_COUNTS, LABEL_IS_IGNORED, LABEL_IS_WRONG } label_use;

static inline label_use use_of_label(float label, size_t columns) {
    if (label < 0.0f) return LABEL_IS_IGNORED;
    return label < (float)columns ? LABEL_COUNTS : LABEL_IS_WRONG;
}

static double cross_entropy(const float *logits, const float *labels, martlet_labels counting, float *gradient,
                            float scale, size_t rows, size_t columns, double *weight) {
    // Of all classes: its share in each label, and what the smoothing takes from the label itself.
    const float share = counting.smoothing / (float)columns;
    const float shares = counting.smoothing == 0.0f ? 0.0f : share * sum_of_class_weights(counting, columns);
    double loss = 0, counted = 0;
    for (size_t row = 0; row < rows; row++) {
        const float *x = logits + row * columns;
        float *dx = gradient ? gradient + row * columns : NULL;
        const label_use use = use_of_label(labels[row], columns);
        if (use != LABEL_COUNTS) {
            if (use == LABEL_IS_WRONG) loss = NAN;
            if (dx) memset(dx, 0, columns * sizeof(float));
            continue;
        }
        const size_t label = (size_t)labels[row];
        const float own = (1.0f - counting.smoothing) * class_weight(counting, label);
        const float all = own + shares;
        const float largest = largest_of(x, columns);
        const float sum = dx ? exponentials(x, largest, dx, columns) : sum_of_exponentials(x, largest, columns);
        const double logarithm = log((double)sum) + (double)largest;
        counted += class_weight(counting, label);
        loss += own * (logarithm - (double)x[label]);
        if (counting.smoothing != 0.0f) {
            double others = 0;
            for (size_t i = 0; i < columns; i++) others += class_weight(counting, i) * (logarithm - (double)x[i]);
            loss += share * others;
        }
        if (!dx) continue;
        const float factor = scale * all / sum;
        for (size_t i = 0; i < columns; i++) dx[i] *= factor;
        if (counting.smoothing != 0.0f) {
            for (size_t i = 0; i < columns; i++) dx[i] -= scale * share * class_weight(counting, i);
        }
        dx[label] -= scale * own;
    }
    *weight = counted;
    return loss;
}

static inline double bounded_logarithm(double p) {
    const double logarithm = log(p);
    return logarithm < LOWEST_LOGARITHM ? LOWEST_LOGARITHM : logarithm;
}

static double probability_cross_entropy(const float *p, const float *labels, martlet_labels counting, float *gradient,
                                        float scale, size_t rows, size_t columns, double *weight) {
    const float share = counting.smoothing / (float)columns;
    double loss = 0, counted = 0;
    for (size_t row = 0; row < rows; row++, p += columns) {
        float *dp = gradient ? gradient + row * columns : NULL;
        if (dp) memset(dp, 0, columns * sizeof(float));
        const label_use use = use_of_label(labels[row], columns);
        if (use == LABEL_IS_WRONG) loss = NAN;
        if (use != LABEL_COUNTS) continue;
        const size_t label = (size_t)labels[row];
        counted += class_weight(counting, label);
        // Without smoothing only the label's own class has a part in the loss.
        const bool smooth = counting.smoothing != 0.0f;
        const size_t first = smooth ? 0 : label, end = smooth ? columns : label + 1;
        for (size_t i = first; i < end; i++) {
            const float part = (i == label ? 1.0f - counting.smoothing : 0.0f) + share;
            const float w = part * class_weight(counting, i);
            loss -= w * bounded_logarithm(p[i]);
            if (dp) dp[i] = -scale * w / (p[i] < LOWEST_PROBABILITY ? LOWEST_PROBABILITY : p[i]);
        }
    }
    *weight = counted;
    return loss;
}

/// The two parts of an element's target: w[1] t' and w[0] (1 - t').
typedef struct { float one, zero; } binary_target;

static inline binary_target parts_of_target(float t, float one, float zero, float smoothing) {
    const float smooth = (1.0f - smoothing) * t + 0.5f * smoothing;
    return (binary_target){one * smooth, zero * (1.0f - smooth)};
}

static double binary_cross_entropy(const float *logits, const float *targets, martlet_labels counting, float *gradient,
                                   float scale, size_t count, double *weight) {
    const float one = class_weight(counting, 1), zero = class_weight(counting, 0), smoothing = counting.smoothing;
    double loss = 0, counted = 0;
    for (size_t i = 0; i < count; i++) {
        const float t = targets[i];
        if (t < 0.0f) continue;
        const binary_target parts = parts_of_target(t, one, zero, smoothing);
        const double x = logits[i], magnitude = x < 0 ? -x : x, softplus = log1p(exp(-magnitude));
        loss += parts.one * (softplus - (x < 0 ? x : 0)) + parts.zero * (softplus + (x > 0 ? x : 0));
        counted += one * t + zero * (1.0f - t);
    }
    if (gradient) {
        for (size_t i = 0; i < count; i++) {
            const binary_target parts = parts_of_target(targets[i], one, zero, smoothing);
            const float slope = scale * (logistic(logits[i]) * (parts.one + parts.zero) - parts.one);
            gradient[i] = targets[i] < 0.0f ? 0.0f : slope;
        }
    }
    *weight = counted;
    return loss;
}

static double probability_binary_cross_entropy(const float *p, const float *targets, martlet_labels counting,
                                               float *gradient, float scale, size_t count, double *weight) {
    const float one = class_weight(counting, 1), zero = class_weight(counting, 0), smoothing = counting.smoothing;
    double loss = 0, counted = 0;
    for (size_t i = 0; i < count; i++) {
        if (gradient) gradient[i] = 0;
        const float t = targets[i];
        if (t < 0.0f) continue;
        const binary_target parts = parts_of_target(t, one, zero, smoothing);
        loss -= parts.one * bounded_logarithm(p[i]) + parts.zero * bounded_logarithm(1.0 - (double)p[i]);
        counted += one * t + zero * (1.0f - t);
        const float spread = p[i] * (1.0f - p[i]);
        const float slope = parts.zero * p[i] - parts.one * (1.0f - p[i]);
        if (gradient) gradient[i] = scale * slope / (spread < LOWEST_PROBABILITY ? LOWEST_PROBABILITY : spread);
    }
    *weight = counted;
    return loss;
}

static double kl_divergence(const float *logits, const float *targets, float *gradient, float scale, size_t rows,
                            size_t columns) {
    double loss = 0;
    for (size_t row = 0; row < rows; row++) {
        const float *x = logits + row * columns, *t = targets + row * columns;
        float *dx = gradient ? gradient + row * columns : NULL;
        const float largest = largest_of(x, columns);
        const float sum = dx ? exponentials(x, largest, dx, columns) : sum_of_exponentials(x, largest, columns);
        const double logarithm = log((double)sum) + (double)largest;
        double total = 0;
        for (size_t i = 0; i < columns; i++) {
            total += t[i];
            if (t[i] != 0.0f) loss += t[i] * (log((double)t[i]) - ((double)x[i] - logarithm));
        }
        if (!dx) continue;
        const float factor = scale * (float)total / sum;
        for (size_t i = 0; i < columns; i++) dx[i] = dx[i] * factor - scale * t[i];
    }
    return loss;
}
