#pragma once

#include <math.h>

#include "CKernels.h"

static double apply_function(martlet_function function, double slope, double x) {
    switch (function) {
    case martlet_function_leaky_relu:
        return x < 0 ? slope * x : x;
    case martlet_function_gelu:
        return 0.5 * x * (1 + erf(x / sqrt(2)));
    case martlet_function_gelu_tanh:
        return 0.5 * x * (1 + tanh(sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
    case martlet_function_silu:
        return x / (1 + exp(-x));
    }
}

static double function_slope(martlet_function function, double slope, double x) {
    switch (function) {
    case martlet_function_leaky_relu:
        return x <= 0 ? slope : 1;
    case martlet_function_gelu:
        return 0.5 * (1 + erf(x / sqrt(2))) + x * exp(-x * x / 2) / sqrt(2 * M_PI);
    case martlet_function_gelu_tanh: {
        const double tangent = tanh(sqrt(2 / M_PI) * (x + 0.044715 * x * x * x));
        return 0.5 * (1 + tangent) +
               0.5 * x * (1 - tangent * tangent) * sqrt(2 / M_PI) * (1 + 3 * 0.044715 * x * x);
    }
    case martlet_function_silu: {
        const double share = 1 / (1 + exp(-x));
        return share * (1 + x * (1 - share));
    }
    }
}

static void function_forward(martlet_function function, float slope, const float *x, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = (float)apply_function(function, slope, x[i]);
}

static void function_backward(martlet_function function, float slope, const float *x, const float *dy, float *dx,
                              size_t count) {
    for (size_t i = 0; i < count; i++) dx[i] = (float)(dy[i] * function_slope(function, slope, x[i]));
}
