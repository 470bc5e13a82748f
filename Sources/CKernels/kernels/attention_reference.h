#pragma once

#include <math.h>
#include <stddef.h>

#include "CKernels.h"
#include "random_reference.h"

/// The score with all masks; minus infinity where the key must not be looked at.
static double masked_score(const martlet_attention_mask *mask, size_t row, size_t key, float score) {
    if (mask->causal && key > mask->first_row + row) return -INFINITY;
    const size_t position = mask->first_row + row, distance = key > position ? key - position : position - key;
    if (mask->window && distance > mask->window) return -INFINITY;
    if (mask->ids && mask->ids[key] == -1.0f) return -INFINITY;
    return mask->added ? (double)score + mask->added[(mask->first_row + row) * mask->added_stride + key] : score;
}

static void attention_weights(const martlet_attention_mask *mask, float *scores, float *normalizers, size_t rows,
                              size_t columns) {
    for (size_t row = 0; row < rows; row++, scores += columns) {
        double largest = -INFINITY, sum = 0;
        for (size_t i = 0; i < columns; i++) largest = fmax(largest, masked_score(mask, row, i, scores[i]));
        for (size_t i = 0; largest > -INFINITY && i < columns; i++) {
            sum += exp(masked_score(mask, row, i, scores[i]) - largest);
        }
        for (size_t i = 0; i < columns; i++) {
            scores[i] = sum == 0 ? 0.0f : (float)(exp(masked_score(mask, row, i, scores[i]) - largest) / sum);
        }
        if (normalizers) normalizers[row] = sum == 0 ? INFINITY : (float)(largest + log(sum));
    }
}

static void attention_weights_backward(const martlet_attention_mask *mask, float scale, const float *normalizers,
                                       const float *products, float *scores, float *gradients, size_t rows,
                                       size_t columns) {
    for (size_t row = 0; row < rows; row++, scores += columns, gradients += columns) {
        for (size_t i = 0; i < columns; i++) {
            const double score = masked_score(mask, row, i, scores[i]);
            const double weight = isinf(normalizers[row]) ? 0 : exp(score - normalizers[row]);
            scores[i] = (float)weight;
            gradients[i] = weight == 0 ? 0 : (float)(weight * (gradients[i] - (double)products[row]) * scale);
        }
    }
}

static void row_products(const float *a, const float *b, size_t stride, float *products, size_t rows, size_t columns) {
    for (size_t row = 0; row < rows; row++) {
        double sum = 0;
        for (size_t i = 0; i < columns; i++) sum += (double)a[row * stride + i] * b[row * stride + i];
        products[row] = (float)sum;
    }
}

static void dropout_tile(martlet_random_stream stream, float probability, uint32_t batch_row, size_t first_row,
                         float *values, size_t rows, size_t columns, size_t keys) {
    const uint32_t threshold = (uint32_t)(probability * 16777216.0f);
    const size_t row_length = (keys + 63) / 64 * 64;
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < columns; i++) {
            const int kept = random_number(stream, batch_row, (first_row + row) * row_length + i) >> 8 >= threshold;
            values[row * columns + i] = kept ? values[row * columns + i] / (1.0f - probability) : 0.0f;
        }
    }
}
