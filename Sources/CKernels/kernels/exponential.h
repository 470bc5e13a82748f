// exp and tanh in a form that compilers turn into vector code: no branches, no calls, no tables. Both follow Moshier's
// Cephes library (expf.c, tanhf.c) and are within 2 units in the last place of the exact value.
#pragma once

#include <stdint.h>
#include <string.h>

#pragma clang fp contract(off)

/// e^x; arguments beyond the range of normal floats count as its ends, NaN stays NaN.
static inline float exponential(float x) {
    x = x < -87.3365478515625f ? -87.3365478515625f : x;
    x = x > 88.3762626647949f ? 88.3762626647949f : x;
    // Adding 1.5 x 2^23 rounds to the nearest integer and leaves it in the low bits.
    const float shifted = x * 1.44269504088896341f + 12582912.0f;
    const float n = shifted - 12582912.0f;
    // x - n log 2, with log 2 in two parts so that the first product is exact.
    float r = x - n * 0.693359375f;
    r = r - n * -2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + r + 1.0f;
    uint32_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits << 23) + 0x3f800000u;
    float power;
    memcpy(&power, &bits, sizeof power);
    return p * power;
}

static inline float logistic(float x) { return 1.0f / (1.0f + exponential(-x)); }

static inline float hyperbolic_tangent(float x) {
    const float magnitude = x < 0.0f ? -x : x;
    const float square = x * x;
    float p = -5.70498872745e-3f;
    p = p * square + 2.06390887954e-2f;
    p = p * square - 5.37397155531e-2f;
    p = p * square + 1.33314422036e-1f;
    p = p * square - 3.33332819422e-1f;
    const float near_zero = p * square * x + x;
    const float far = 1.0f - 2.0f / (exponential(2.0f * magnitude) + 1.0f);
    return magnitude < 0.625f ? near_zero : (x < 0.0f ? -far : far);
}
