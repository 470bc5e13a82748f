#pragma once

#include <math.h>
#include <stddef.h>

static double squared_error(const float *x, const float *targets, float *gradient, float scale, size_t count) {
    double loss = 0;
    for (size_t i = 0; i < count; i++) {
        const double difference = (double)x[i] - targets[i];
        loss += difference * difference;
        if (gradient) gradient[i] = (float)(2 * scale * difference);
    }
    return loss;
}

static double absolute_error(const float *x, const float *targets, float *gradient, float scale, size_t count) {
    double loss = 0;
    for (size_t i = 0; i < count; i++) {
        const double difference = (double)x[i] - targets[i];
        loss += fabs(difference);
        if (gradient) gradient[i] = scale * (float)((difference > 0) - (difference < 0));
    }
    return loss;
}

static double huber(const float *x, const float *targets, float delta, float *gradient, float scale, size_t count) {
    double loss = 0;
    for (size_t i = 0; i < count; i++) {
        const double difference = (double)x[i] - targets[i], magnitude = fabs(difference);
        loss += magnitude <= delta ? 0.5 * difference * difference : delta * (magnitude - 0.5 * delta);
        if (gradient) gradient[i] = (float)(scale * fmax(-(double)delta, fmin(delta, difference)));
    }
    return loss;
}
