#pragma once

#include <math.h>
#include <stddef.h>
#include <string.h>

// Whether the table has a row for an id, which a number between two ids has not.
static inline int embedding_has(float id, size_t vocabulary) {
    return id >= 0.0f && id < (float)vocabulary && (float)(ptrdiff_t)id == id;
}

static void embedding_forward(const float *ids, const float *table, float *y, size_t count, size_t vocabulary,
                              size_t width) {
    for (size_t i = 0; i < count; i++, y += width) {
        if (embedding_has(ids[i], vocabulary)) {
            memcpy(y, table + (size_t)ids[i] * width, width * sizeof(float));
        } else {
            const float filling = ids[i] == -1.0f ? 0.0f : NAN;
            for (size_t column = 0; column < width; column++) y[column] = filling;
        }
    }
}

static void embedding_backward(const float *ids, const float *dy, float *table_gradient, size_t count,
                               size_t vocabulary, size_t width) {
    memset(table_gradient, 0, vocabulary * width * sizeof(float));
    for (size_t i = 0; i < count; i++, dy += width) {
        if (!embedding_has(ids[i], vocabulary)) continue;
        float *restrict gradient = table_gradient + (size_t)ids[i] * width;
        for (size_t column = 0; column < width; column++) gradient[column] += dy[column];
    }
}
