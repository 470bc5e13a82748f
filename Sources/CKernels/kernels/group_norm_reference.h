#pragma once

#include <math.h>

#include "CKernels.h"

static void group_norm_forward(const martlet_groups *groups, const float *x, const float *gamma, const float *beta,
                               float *y, float *statistics, size_t rows) {
    const size_t count = groups->channels * groups->spatial;
    for (size_t i = 0; i < rows * groups->groups; i++, x += count, y += count) {
        double mean = 0, variance = 0;
        for (size_t j = 0; groups->centered && j < count; j++) mean += x[j] / (double)count;
        for (size_t j = 0; j < count; j++) variance += (x[j] - mean) * (x[j] - mean) / (double)count;
        const double inverse = 1 / sqrt(variance + groups->epsilon);
        statistics[2 * i] = (float)mean;
        statistics[2 * i + 1] = (float)inverse;
        for (size_t j = 0; j < count; j++) {
            const size_t channel = i % groups->groups * groups->channels + j / groups->spatial;
            y[j] = (float)((x[j] - mean) * inverse * (gamma ? gamma[channel] : 1) + (beta ? beta[channel] : 0));
        }
    }
}

static void group_norm_backward(const martlet_groups *groups, const float *x, const float *dy, const float *gamma,
                                const float *statistics, float *dx, float *dgamma, float *dbeta, size_t rows) {
    const size_t count = groups->channels * groups->spatial;
    for (size_t i = 0; i < groups->groups * groups->channels; i++) {
        if (dgamma) dgamma[i] = 0;
        if (dbeta) dbeta[i] = 0;
    }
    for (size_t i = 0; i < rows * groups->groups; i++) {
        const double mean = statistics[2 * i], inverse = statistics[2 * i + 1];
        double sum = 0, product = 0;
        for (size_t j = 0; j < count; j++) {
            const size_t channel = i % groups->groups * groups->channels + j / groups->spatial, place = i * count + j;
            const double normal = (x[place] - mean) * inverse, slope = dy[place] * (gamma ? gamma[channel] : 1.0);
            sum += slope;
            product += slope * normal;
            if (dgamma) dgamma[channel] += (float)(dy[place] * normal);
            if (dbeta) dbeta[channel] += dy[place];
        }
        for (size_t j = 0; dx && j < count; j++) {
            const size_t channel = i % groups->groups * groups->channels + j / groups->spatial, place = i * count + j;
            const double normal = (x[place] - mean) * inverse, slope = dy[place] * (gamma ? gamma[channel] : 1.0);
            const double shift = groups->centered ? sum / (double)count : 0;
            dx[place] = (float)(inverse * (slope - shift - normal * product / (double)count));
        }
    }
}
