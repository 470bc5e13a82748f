#pragma once

#include "CKernels.h"
#include "exponential.h"
#include "in_place.h"

#pragma clang fp contract(off)

/// The error function, within 3e-7: the quotient of two polynomials of Eigen's generic_fast_erf (MathFunctionsImpl.h).
static inline float error_function(float x) {
    x = x < -4.0f ? -4.0f : x;
    x = x > 4.0f ? 4.0f : x;
    const float square = x * x;
    float p = -2.72614225801306e-10f;
    p = p * square + 2.77068142495902e-08f;
    p = p * square - 2.10102402082508e-06f;
    p = p * square - 5.69250639462346e-05f;
    p = p * square - 7.34990630326855e-04f;
    p = p * square - 2.95459980854025e-03f;
    p = p * square - 1.60960333262415e-02f;
    float q = -1.45660718464996e-05f;
    q = q * square - 2.13374055278905e-04f;
    q = q * square - 1.68282697438203e-03f;
    q = q * square - 7.37332916720468e-03f;
    q = q * square - 1.42647390514189e-02f;
    return x * p / q;
}

/// Phi(x), the distribution function of the normal distribution.
static inline float normal_distribution(float x) { return 0.5f + 0.5f * error_function(x * 0.70710678118654752f); }

static inline float gelu_angle(float x) { return 0.79788456080286536f * (x + 0.044715f * (x * x * x)); }

static inline float apply_function(martlet_function function, float slope, float x) {
    switch (function) {
    case martlet_function_leaky_relu:
        return x < 0.0f ? slope * x : x;
    case martlet_function_gelu:
        return x * normal_distribution(x);
    case martlet_function_gelu_tanh:
        return 0.5f * x * (1.0f + hyperbolic_tangent(gelu_angle(x)));
    case martlet_function_silu:
        return x * logistic(x);
    }
}

static inline float function_slope(martlet_function function, float slope, float x) {
    switch (function) {
    case martlet_function_leaky_relu:
        return x <= 0.0f ? slope : 1.0f;
    case martlet_function_gelu:
        return normal_distribution(x) + x * (0.39894228040143268f * exponential(-0.5f * (x * x)));
    case martlet_function_gelu_tanh: {
        const float tangent = hyperbolic_tangent(gelu_angle(x));
        const float inner = 0.79788456080286536f * (1.0f + 3.0f * 0.044715f * (x * x));
        return 0.5f * (1.0f + tangent) + 0.5f * x * (1.0f - tangent * tangent) * inner;
    }
    case martlet_function_silu: {
        const float share = logistic(x);
        return share * (1.0f + x * (1.0f - share));
    }
    }
}

/// Runs a statement with the function as a constant, so that each case becomes a loop of its own.
#define FOR_CONSTANT_FUNCTION(function, statement)                       \
    switch (function) {                                                  \
    case martlet_function_leaky_relu: {                                  \
        const martlet_function constant = martlet_function_leaky_relu;   \
        statement;                                                       \
        break;                                                           \
    }                                                                    \
    case martlet_function_gelu: {                                        \
        const martlet_function constant = martlet_function_gelu;         \
        statement;                                                       \
        break;                                                           \
    }                                                                    \
    case martlet_function_gelu_tanh: {                                   \
        const martlet_function constant = martlet_function_gelu_tanh;    \
        statement;                                                       \
        break;                                                           \
    }                                                                    \
    case martlet_function_silu: {                                        \
        const martlet_function constant = martlet_function_silu;         \
        statement;                                                       \
        break;                                                           \
    }                                                                    \
    }

static void function_forward(martlet_function function, float slope, const float *x, float *y, size_t count) {
    FOR_CONSTANT_FUNCTION(
        function, IN_PLACE_TOO for (size_t i = 0; i < count; i++) y[i] = apply_function(constant, slope, x[i]))
}

static void function_backward(martlet_function function, float slope, const float *x, const float *dy, float *dx,
                              size_t count) {
    FOR_CONSTANT_FUNCTION(
        function,
        IN_PLACE_TOO for (size_t i = 0; i < count; i++) dx[i] = dy[i] * function_slope(constant, slope, x[i]))
}
