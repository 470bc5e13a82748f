#pragma once

#include <stdbool.h>

#include "CKernels.h"
#include "lanes.h"

#pragma clang fp contract(off)

static double sum_of_squares(const float *x, size_t count) {
    double sums[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) sums[lane] += (double)x[i + lane] * (double)x[i + lane];
    }
    for (size_t lane = 0; i < count; i++, lane++) sums[lane] += (double)x[i] * (double)x[i];
    for (size_t width = LANES / 2; width > 0; width /= 2) {
        for (size_t lane = 0; lane < width; lane++) sums[lane] += sums[lane + width];
    }
    return sums[0];
}

/// The slope that a step makes of a gradient. What is not a number stays so.
static inline float slope_of(martlet_step step, float g, float p) {
    float slope = g * step.gradient_scale;
    slope = slope > step.gradient_bound ? step.gradient_bound : slope;
    slope = slope < -step.gradient_bound ? -step.gradient_bound : slope;
    return slope + step.weight_decay * p;
}

/// Not sqrtf, which may set errno and therefore stays scalar.
static inline float root(float x) { return __builtin_elementwise_sqrt(x); }

static void sgd(martlet_step step, float *restrict p, const float *restrict g, size_t count) {
    for (size_t i = 0; i < count; i++) p[i] = p[i] * step.parameter_decay - step.rate * slope_of(step, g[i], p[i]);
}

static void momentum(martlet_step step, float momentum, bool nesterov, bool first_step, float *restrict p,
                     const float *restrict g, float *restrict v, size_t count) {
    // On the first step the velocity is the slope alone: whatever v holds does not matter.
    const float kept = first_step ? 0.0f : momentum;
    // The way to go is own slope + share velocity.
    const float own = nesterov ? 1.0f : 0.0f, share = nesterov ? momentum : 1.0f;
    for (size_t i = 0; i < count; i++) {
        const float slope = slope_of(step, g[i], p[i]);
        const float velocity = kept * v[i] + slope;
        v[i] = velocity;
        p[i] = p[i] * step.parameter_decay - step.rate * (own * slope + share * velocity);
    }
}

static void rmsprop(martlet_step step, float alpha, float complement, float epsilon, float momentum, float *restrict p,
                    const float *restrict g, float *restrict v, float *restrict b, size_t count) {
    if (b) {
        for (size_t i = 0; i < count; i++) {
            const float slope = slope_of(step, g[i], p[i]);
            v[i] = alpha * v[i] + complement * (slope * slope);
            b[i] = momentum * b[i] + slope / (root(v[i]) + epsilon);
            p[i] = p[i] * step.parameter_decay - step.rate * b[i];
        }
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const float slope = slope_of(step, g[i], p[i]);
        v[i] = alpha * v[i] + complement * (slope * slope);
        p[i] = p[i] * step.parameter_decay - step.rate * (slope / (root(v[i]) + epsilon));
    }
}

static void adagrad(martlet_step step, float epsilon, float *restrict p, const float *restrict g, float *restrict v,
                    size_t count) {
    for (size_t i = 0; i < count; i++) {
        const float slope = slope_of(step, g[i], p[i]);
        v[i] = v[i] + slope * slope;
        p[i] = p[i] * step.parameter_decay - step.rate * (slope / (root(v[i]) + epsilon));
    }
}

static void adam(martlet_step step, martlet_adam figures, float *restrict p, const float *restrict g,
                 float *restrict m, float *restrict v, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const float slope = slope_of(step, g[i], p[i]);
        const float first = figures.beta1 * m[i] + figures.complement1 * slope;
        const float second = figures.beta2 * v[i] + figures.complement2 * (slope * slope);
        m[i] = first;
        v[i] = second;
        const float deviation = root(second) * figures.second_moment_scale + figures.epsilon;
        p[i] = p[i] * step.parameter_decay - figures.step_size * (first / deviation);
    }
}
