#pragma once

#include <math.h>
#include <string.h>

#include "exponential.h"
#include "lanes.h"
#include "random.h"
#include "softmax.h"

#pragma clang fp contract(off)

/// Keys that a row of a tile may look at, as far as the order of positions decides it.
static inline size_t visible_keys(const martlet_attention_mask *mask, size_t row, size_t columns) {
    const size_t visible = mask->first_row + row + 1;
    return mask->causal && visible < columns ? visible : columns;
}

/// Adds the mask to a row of scores: minus infinity where a key must not be looked at.
static inline void mask_scores(const martlet_attention_mask *mask, size_t row, float *scores, size_t count) {
    if (mask->added) {
        const float *added = mask->added + (mask->first_row + row) * mask->added_stride;
        for (size_t i = 0; i < count; i++) scores[i] += added[i];
    }
    if (mask->window) {
        const size_t position = mask->first_row + row;
        const size_t first = position > mask->window ? position - mask->window : 0, end = position + mask->window + 1;
        for (size_t i = 0; i < first && i < count; i++) scores[i] = -INFINITY;
        for (size_t i = end; i < count; i++) scores[i] = -INFINITY;
    }
    if (mask->ids) {
        for (size_t i = 0; i < count; i++) scores[i] = mask->ids[i] == -1.0f ? -INFINITY : scores[i];
    }
}

/// e^(x - offset), and exactly 0 for minus infinity.
static inline float weight_of(float score, float offset) {
    return score == -INFINITY ? 0.0f : exponential(score - offset);
}

static void attention_weights(const martlet_attention_mask *mask, float *scores, float *normalizers, size_t rows,
                              size_t columns) {
    for (size_t row = 0; row < rows; row++, scores += columns) {
        const size_t count = visible_keys(mask, row, columns);
        mask_scores(mask, row, scores, count);
        const float largest = largest_of(scores, count);
        for (size_t i = 0; i < count; i++) scores[i] = weight_of(scores[i], largest);
        float sums[LANES] = {0};
        size_t i = 0;
        for (; i + LANES <= count; i += LANES) {
            for (size_t lane = 0; lane < LANES; lane++) sums[lane] += scores[i + lane];
        }
        for (size_t lane = 0; i < count; i++, lane++) sums[lane] += scores[i];
        const float sum = sum_of_lanes(sums);
        // A row that may look at nothing gets nothing.
        const float factor = sum == 0.0f ? 0.0f : 1.0f / sum;
        for (i = 0; i < count; i++) scores[i] *= factor;
        memset(scores + count, 0, (columns - count) * sizeof(float));
        if (normalizers) normalizers[row] = sum == 0.0f ? INFINITY : largest + (float)log((double)sum);
    }
}

static void attention_weights_backward(const martlet_attention_mask *mask, float scale, const float *normalizers,
                                       const float *products, float *scores, float *gradients, size_t rows,
                                       size_t columns) {
    for (size_t row = 0; row < rows; row++, scores += columns, gradients += columns) {
        const size_t count = visible_keys(mask, row, columns);
        mask_scores(mask, row, scores, count);
        const float normalizer = normalizers[row], product = products[row];
        float *restrict weight = scores, *restrict gradient = gradients;
        for (size_t i = 0; i < count; i++) {
            weight[i] = normalizer == INFINITY ? 0.0f : weight_of(weight[i], normalizer);
            gradient[i] = weight[i] * (gradient[i] - product) * scale;
        }
        memset(scores + count, 0, (columns - count) * sizeof(float));
        memset(gradients + count, 0, (columns - count) * sizeof(float));
    }
}

static void row_products(const float *a, const float *b, size_t stride, float *products, size_t rows, size_t columns) {
    for (size_t row = 0; row < rows; row++, a += stride, b += stride) {
        float sums[LANES] = {0};
        size_t i = 0;
        for (; i + LANES <= columns; i += LANES) {
            for (size_t lane = 0; lane < LANES; lane++) sums[lane] += a[i + lane] * b[i + lane];
        }
        for (size_t lane = 0; i < columns; i++, lane++) sums[lane] += a[i] * b[i];
        products[row] = sum_of_lanes(sums);
    }
}

static void dropout_tile(martlet_random_stream stream, float probability, uint32_t batch_row, size_t first_row,
                         float *values, size_t rows, size_t columns, size_t keys) {
    const float factor = 1.0f / (1.0f - probability);
    const uint32_t threshold = (uint32_t)(probability * 0x1p24f);
    const size_t groups = (keys + RANDOM_GROUP - 1) / RANDOM_GROUP;
    uint32_t words[RANDOM_GROUP];
    for (size_t row = 0; row < rows; row++, values += columns) {
        const uint32_t group = (uint32_t)((first_row + row) * groups);
        for (size_t start = 0; start < columns; start += RANDOM_GROUP) {
            random_group(stream, group + (uint32_t)(start / RANDOM_GROUP), batch_row, words);
            const size_t length = columns - start < RANDOM_GROUP ? columns - start : RANDOM_GROUP;
            for (size_t i = 0; i < length; i++) {
                values[start + i] = (words[i] >> 8) >= threshold ? values[start + i] * factor : 0.0f;
            }
        }
    }
}
