#pragma once

#include <math.h>
#include <stdbool.h>

#include "CKernels.h"

static double sum_of_squares(const float *x, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += (double)x[i] * x[i];
    return sum;
}

static double reference_slope(martlet_step step, float g, float p) {
    const double scaled = (double)g * step.gradient_scale;
    return fmax(-(double)step.gradient_bound, fmin(step.gradient_bound, scaled)) + (double)step.weight_decay * p;
}

static float reference_moved(martlet_step step, float p, double way) {
    return (float)((double)p * step.parameter_decay - way);
}

static void sgd(martlet_step step, float *p, const float *g, size_t count) {
    for (size_t i = 0; i < count; i++) p[i] = reference_moved(step, p[i], step.rate * reference_slope(step, g[i], p[i]));
}

static void momentum(martlet_step step, float momentum, bool nesterov, bool first_step, float *p, const float *g,
                     float *v, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const double slope = reference_slope(step, g[i], p[i]);
        const double velocity = first_step ? slope : (double)momentum * v[i] + slope;
        v[i] = (float)velocity;
        p[i] = reference_moved(step, p[i], step.rate * (nesterov ? slope + momentum * velocity : velocity));
    }
}

static void rmsprop(martlet_step step, float alpha, float complement, float epsilon, float momentum, float *p,
                    const float *g, float *v, float *b, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const double slope = reference_slope(step, g[i], p[i]);
        const double square = (double)alpha * v[i] + (double)complement * slope * slope;
        double way = slope / (sqrt(square) + epsilon);
        v[i] = (float)square;
        if (b) {
            way += (double)momentum * b[i];
            b[i] = (float)way;
        }
        p[i] = reference_moved(step, p[i], step.rate * way);
    }
}

static void adagrad(martlet_step step, float epsilon, float *p, const float *g, float *v, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const double slope = reference_slope(step, g[i], p[i]);
        const double square = v[i] + slope * slope;
        v[i] = (float)square;
        p[i] = reference_moved(step, p[i], step.rate * slope / (sqrt(square) + epsilon));
    }
}

static void adam(martlet_step step, martlet_adam figures, float *p, const float *g, float *m, float *v, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const double slope = reference_slope(step, g[i], p[i]);
        const double first = (double)figures.beta1 * m[i] + (double)figures.complement1 * slope;
        const double second = (double)figures.beta2 * v[i] + (double)figures.complement2 * slope * slope;
        m[i] = (float)first;
        v[i] = (float)second;
        p[i] = reference_moved(
            step, p[i],
            figures.step_size * first / (sqrt(second) * figures.second_moment_scale + figures.epsilon));
    }
}
