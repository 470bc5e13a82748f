#pragma once

#include <math.h>
#include <stdbool.h>

#include "CKernels.h"

static void sgd(float rate, float weight_decay, float *p, const float *g, size_t count) {
    for (size_t i = 0; i < count; i++) p[i] = (float)(p[i] - (double)rate * (g[i] + (double)weight_decay * p[i]));
}

static void momentum(float rate, float momentum, float weight_decay, bool first_step, float *p, const float *g,
                     float *v, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const double gradient = g[i] + (double)weight_decay * p[i];
        const double velocity = first_step ? gradient : (double)momentum * v[i] + gradient;
        v[i] = (float)velocity;
        p[i] = (float)(p[i] - rate * velocity);
    }
}

static void adam(martlet_adam figures, float *p, const float *g, float *m, float *v, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const double gradient = g[i] + (double)figures.weight_decay * p[i];
        const double first = (double)figures.beta1 * m[i] + (double)figures.complement1 * gradient;
        const double second = (double)figures.beta2 * v[i] + (double)figures.complement2 * gradient * gradient;
        m[i] = (float)first;
        v[i] = (float)second;
        p[i] = (float)((double)p[i] * figures.parameter_decay -
                       figures.step_size * first / (sqrt(second) * figures.second_moment_scale + figures.epsilon));
    }
}
