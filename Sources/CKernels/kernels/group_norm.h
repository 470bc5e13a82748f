#pragma once

#include <math.h>

#include "CKernels.h"
#include "batch_norm.h"
#include "lanes.h"

#pragma clang fp contract(off)

static void group_norm_forward(const martlet_groups *groups, const float *restrict x, const float *restrict gamma,
                               const float *restrict beta, float *restrict y, float *restrict statistics,
                               size_t rows) {
    const size_t channels = groups->channels, spatial = groups->spatial, count = channels * spatial;
    for (size_t i = 0; i < rows * groups->groups; i++, x += count, y += count) {
        const size_t first = i % groups->groups * channels;
        const float mean = groups->centered ? plane_sum(x, 0.0f, count, false) / (float)count : 0.0f;
        const float inverse = 1.0f / sqrtf(plane_sum(x, mean, count, true) / (float)count + groups->epsilon);
        statistics[2 * i] = mean;
        statistics[2 * i + 1] = inverse;
        if (!gamma) {
            for (size_t j = 0; j < count; j++) y[j] = (x[j] - mean) * inverse;
        } else if (spatial == 1) {
            const float *factor = gamma + first;
            if (beta) {
                const float *shift = beta + first;
                for (size_t j = 0; j < count; j++) y[j] = (x[j] - mean) * inverse * factor[j] + shift[j];
            } else {
                for (size_t j = 0; j < count; j++) y[j] = (x[j] - mean) * inverse * factor[j];
            }
        } else {
            for (size_t channel = 0; channel < channels; channel++) {
                const float factor = gamma[first + channel], shift = beta ? beta[first + channel] : 0.0f;
                const size_t start = channel * spatial;
                for (size_t j = start; j < start + spatial; j++) y[j] = (x[j] - mean) * inverse * factor + shift;
            }
        }
    }
}

/// Sums over a plane of dy, and of dy times the normalised x.
static inline void normal_slopes(const float *restrict x, const float *restrict dy, float mean, float inverse,
                                 size_t count, float *sum, float *product) {
    float sums[LANES] = {0}, products[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            sums[lane] += dy[i + lane];
            products[lane] += dy[i + lane] * ((x[i + lane] - mean) * inverse);
        }
    }
    for (size_t lane = 0; i < count; i++, lane++) {
        sums[lane] += dy[i];
        products[lane] += dy[i] * ((x[i] - mean) * inverse);
    }
    *sum = sum_of_lanes(sums);
    *product = sum_of_lanes(products);
}

/// The same with dy times gamma, for one value of gamma each element. Adds dy times the normalised x to dgamma.
static inline void weighted_slopes(const float *restrict x, const float *restrict dy, const float *restrict gamma,
                                   float mean, float inverse, size_t count, float *restrict dgamma, float *sum,
                                   float *product) {
    float sums[LANES] = {0}, products[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            const float slope = dy[i + lane] * ((x[i + lane] - mean) * inverse);
            dgamma[i + lane] += slope;
            sums[lane] += dy[i + lane] * gamma[i + lane];
            products[lane] += slope * gamma[i + lane];
        }
    }
    for (size_t lane = 0; i < count; i++, lane++) {
        const float slope = dy[i] * ((x[i] - mean) * inverse);
        dgamma[i] += slope;
        sums[lane] += dy[i] * gamma[i];
        products[lane] += slope * gamma[i];
    }
    *sum = sum_of_lanes(sums);
    *product = sum_of_lanes(products);
}

static void group_norm_backward(const martlet_groups *groups, const float *restrict x, const float *restrict dy,
                                const float *restrict gamma, const float *restrict statistics, float *restrict dx,
                                float *restrict dgamma, float *restrict dbeta, size_t rows) {
    const size_t channels = groups->channels, spatial = groups->spatial, count = channels * spatial;
    if (dgamma) memset(dgamma, 0, groups->groups * channels * sizeof(float));
    if (dbeta) memset(dbeta, 0, groups->groups * channels * sizeof(float));
    for (size_t i = 0; i < rows * groups->groups; i++, x += count, dy += count, dx += dx ? count : 0) {
        const size_t first = i % groups->groups * channels;
        const float mean = statistics[2 * i], inverse = statistics[2 * i + 1];
        float sum = 0.0f, product = 0.0f;
        if (!gamma) {
            normal_slopes(x, dy, mean, inverse, count, &sum, &product);
        } else if (spatial == 1) {
            weighted_slopes(x, dy, gamma + first, mean, inverse, count, dgamma + first, &sum, &product);
            if (dbeta) {
                float *slope = dbeta + first;
                for (size_t j = 0; j < count; j++) slope[j] += dy[j];
            }
        } else {
            for (size_t channel = 0; channel < channels; channel++) {
                float plane, normal;
                normal_slopes(x + channel * spatial, dy + channel * spatial, mean, inverse, spatial, &plane, &normal);
                dgamma[first + channel] += normal;
                if (dbeta) dbeta[first + channel] += plane;
                sum += plane * gamma[first + channel];
                product += normal * gamma[first + channel];
            }
        }
        if (!dx) continue;
        const float shift = groups->centered ? sum / (float)count : 0.0f, slope = product / (float)count;
        if (!gamma) {
            for (size_t j = 0; j < count; j++) dx[j] = inverse * (dy[j] - shift - (x[j] - mean) * inverse * slope);
        } else if (spatial == 1) {
            const float *factor = gamma + first;
            for (size_t j = 0; j < count; j++) {
                dx[j] = inverse * (dy[j] * factor[j] - shift - (x[j] - mean) * inverse * slope);
            }
        } else {
            for (size_t channel = 0; channel < channels; channel++) {
                const float factor = gamma[first + channel];
                const size_t start = channel * spatial;
                for (size_t j = start; j < start + spatial; j++) {
                    dx[j] = inverse * (dy[j] * factor - shift - (x[j] - mean) * inverse * slope);
                }
            }
        }
    }
}
