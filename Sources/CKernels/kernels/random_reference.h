#pragma once

#include "CKernels.h"

/// One number by Philox4x32-10, as its authors' paper writes it: element of the row, in groups of 64.
static uint32_t random_number(martlet_random_stream stream, uint32_t row, size_t element) {
    const size_t group = element / 64, word = element % 64 / 16, lane = element % 16;
    uint32_t counter[4] = {(uint32_t)(group * 16 + lane), row, stream.step, stream.stream};
    uint32_t key[2] = {(uint32_t)stream.seed, (uint32_t)(stream.seed >> 32)};
    for (int round = 0; round < 10; round++) {
        const uint64_t left = (uint64_t)0xD2511F53u * counter[0], right = (uint64_t)0xCD9E8D57u * counter[2];
        const uint32_t next[4] = {
            (uint32_t)(right >> 32) ^ counter[1] ^ key[0], (uint32_t)right,
            (uint32_t)(left >> 32) ^ counter[3] ^ key[1], (uint32_t)left,
        };
        for (int i = 0; i < 4; i++) counter[i] = next[i];
        key[0] += 0x9E3779B9u;
        key[1] += 0xBB67AE85u;
    }
    return counter[word];
}

static void uniform(martlet_random_stream stream, float low, float high, float *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        values[i] = low + (high - low) * ((float)(random_number(stream, 0, i) >> 8) / 16777216.0f);
    }
}

static void dropout(martlet_random_stream stream, float probability, uint32_t first_row, const float *x, float *y,
                    size_t rows, size_t columns) {
    const uint32_t threshold = (uint32_t)(probability * 16777216.0f);
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < columns; i++) {
            const int kept = random_number(stream, first_row + (uint32_t)row, i) >> 8 >= threshold;
            y[row * columns + i] = kept ? x[row * columns + i] / (1.0f - probability) : 0.0f;
        }
    }
}
