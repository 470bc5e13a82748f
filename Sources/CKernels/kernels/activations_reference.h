#pragma once

#include <math.h>

#include "CKernels.h"

static float activate(martlet_activation activation, float x) {
    switch (activation) {
    case martlet_activation_identity:
        return x;
    case martlet_activation_relu:
        return x < 0.0f ? 0.0f : x;
    case martlet_activation_sigmoid:
        return (float)(1.0 / (1.0 + exp(-(double)x)));
    case martlet_activation_tanh:
        return (float)tanh((double)x);
    }
}

static float activation_gradient(martlet_activation activation, float y, float dy) {
    switch (activation) {
    case martlet_activation_identity:
        return dy;
    case martlet_activation_relu:
        return y <= 0.0f ? 0.0f : dy;
    case martlet_activation_sigmoid:
        return dy * (1.0f - y) * y;
    case martlet_activation_tanh:
        return dy * (1.0f - y * y);
    }
}

static void activation_forward(martlet_activation activation, const float *x, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = activate(activation, x[i]);
}

static void activation_backward(martlet_activation activation, const float *y, const float *dy, float *dx,
                                size_t count) {
    for (size_t i = 0; i < count; i++) dx[i] = activation_gradient(activation, y[i], dy[i]);
}
