#pragma once

#include <stdbool.h>

#include "CKernels.h"

#pragma clang fp contract(off)

static void sgd(float rate, float weight_decay, float *restrict p, const float *restrict g, size_t count) {
    for (size_t i = 0; i < count; i++) p[i] -= rate * (g[i] + weight_decay * p[i]);
}

static void momentum(float rate, float momentum, float weight_decay, bool first_step, float *restrict p,
                     const float *restrict g, float *restrict v, size_t count) {
    // On the first step the velocity is the gradient alone: whatever v holds does not matter.
    const float kept = first_step ? 0.0f : momentum;
    for (size_t i = 0; i < count; i++) {
        const float velocity = kept * v[i] + (g[i] + weight_decay * p[i]);
        v[i] = velocity;
        p[i] -= rate * velocity;
    }
}

static void adam(martlet_adam figures, float *restrict p, const float *restrict g, float *restrict m,
                 float *restrict v, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const float parameter = p[i] * figures.parameter_decay;
        const float gradient = g[i] + figures.weight_decay * p[i];
        const float first = figures.beta1 * m[i] + figures.complement1 * gradient;
        const float second = figures.beta2 * v[i] + figures.complement2 * (gradient * gradient);
        m[i] = first;
        v[i] = second;
        // Not sqrtf, which may set errno and therefore stays scalar.
        const float deviation = __builtin_elementwise_sqrt(second) * figures.second_moment_scale + figures.epsilon;
        p[i] = parameter - figures.step_size * (first / deviation);
    }
}
