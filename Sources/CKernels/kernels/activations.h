#pragma once

#include "CKernels.h"
#include "exponential.h"
#include "in_place.h"

static inline float activate(martlet_activation activation, float x) {
    switch (activation) {
    case martlet_activation_identity:
        return x;
    case martlet_activation_relu:
        return x < 0.0f ? 0.0f : x;
    case martlet_activation_sigmoid:
        return logistic(x);
    case martlet_activation_tanh:
        return hyperbolic_tangent(x);
    }
}

/// dy activation'(x), from y = activation(x).
static inline float activation_gradient(martlet_activation activation, float y, float dy) {
    switch (activation) {
    case martlet_activation_identity:
        return dy;
    case martlet_activation_relu:
        return y <= 0.0f ? 0.0f : dy;
    case martlet_activation_sigmoid:
        return dy * ((1.0f - y) * y);
    case martlet_activation_tanh:
        return dy * (1.0f - y * y);
    }
}

/// Runs a statement with the activation as a constant, so that each case becomes a loop of its own.
#define FOR_CONSTANT_ACTIVATION(activation, statement)                   \
    switch (activation) {                                                \
    case martlet_activation_identity: {                                  \
        const martlet_activation constant = martlet_activation_identity; \
        statement;                                                       \
        break;                                                           \
    }                                                                    \
    case martlet_activation_relu: {                                      \
        const martlet_activation constant = martlet_activation_relu;     \
        statement;                                                       \
        break;                                                           \
    }                                                                    \
    case martlet_activation_sigmoid: {                                   \
        const martlet_activation constant = martlet_activation_sigmoid;  \
        statement;                                                       \
        break;                                                           \
    }                                                                    \
    case martlet_activation_tanh: {                                      \
        const martlet_activation constant = martlet_activation_tanh;     \
        statement;                                                       \
        break;                                                           \
    }                                                                    \
    }

static void activation_forward(martlet_activation activation, const float *x, float *y, size_t count) {
    FOR_CONSTANT_ACTIVATION(
        activation, IN_PLACE_TOO for (size_t i = 0; i < count; i++) y[i] = activate(constant, x[i]))
}

static void activation_backward(martlet_activation activation, const float *y, const float *dy, float *dx,
                                size_t count) {
    FOR_CONSTANT_ACTIVATION(
        activation,
        IN_PLACE_TOO for (size_t i = 0; i < count; i++) dx[i] = activation_gradient(constant, y[i], dy[i]))
}
