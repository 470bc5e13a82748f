#pragma once

#include "CKernels.h"

#pragma clang fp contract(off)

/// Sixteen Philox blocks side by side make 64 numbers: element 16 word + lane of a group is that word of block
/// 16 group + lane. This interleaving, rather than four words in a row, is what lets the loops be vectorised.
#define RANDOM_GROUP 64
#define RANDOM_BLOCKS 16

/// Philox4x32-10 of the blocks 16 group ..< 16 group + 16.
static inline void random_group(martlet_random_stream stream, uint32_t group, uint32_t row,
                                uint32_t words[RANDOM_GROUP]) {
    uint32_t *c0 = words, *c1 = words + RANDOM_BLOCKS, *c2 = c1 + RANDOM_BLOCKS, *c3 = c2 + RANDOM_BLOCKS;
    for (uint32_t lane = 0; lane < RANDOM_BLOCKS; lane++) {
        uint32_t w0 = group * RANDOM_BLOCKS + lane, w1 = row, w2 = stream.step, w3 = stream.stream;
        uint32_t k0 = (uint32_t)stream.seed, k1 = (uint32_t)(stream.seed >> 32);
        for (int round = 0; round < 10; round++) {
            const uint64_t product0 = (uint64_t)0xD2511F53u * w0, product1 = (uint64_t)0xCD9E8D57u * w2;
            w0 = (uint32_t)(product1 >> 32) ^ w1 ^ k0;
            w1 = (uint32_t)product1;
            w2 = (uint32_t)(product0 >> 32) ^ w3 ^ k1;
            w3 = (uint32_t)product0;
            k0 += 0x9E3779B9u;
            k1 += 0xBB67AE85u;
        }
        c0[lane] = w0;
        c1[lane] = w1;
        c2[lane] = w2;
        c3[lane] = w3;
    }
}

static void uniform(martlet_random_stream stream, float low, float high, float *values, size_t count) {
    uint32_t words[RANDOM_GROUP];
    for (size_t start = 0; start < count; start += RANDOM_GROUP) {
        random_group(stream, (uint32_t)(start / RANDOM_GROUP), 0, words);
        const size_t length = count - start < RANDOM_GROUP ? count - start : RANDOM_GROUP;
        // 24 bits: every value of [0, 1) is exact.
        for (size_t i = 0; i < length; i++) {
            values[start + i] = low + (high - low) * ((float)(int32_t)(words[i] >> 8) * 0x1p-24f);
        }
    }
}

static void dropout(martlet_random_stream stream, float probability, uint32_t first_row, const float *x, float *y,
                    size_t rows, size_t columns) {
    const float factor = 1.0f / (1.0f - probability);
    const uint32_t threshold = (uint32_t)(probability * 0x1p24f);
    uint32_t words[RANDOM_GROUP];
    for (size_t row = 0; row < rows; row++, x += columns, y += columns) {
        for (size_t start = 0; start < columns; start += RANDOM_GROUP) {
            random_group(stream, (uint32_t)(start / RANDOM_GROUP), first_row + (uint32_t)row, words);
            const size_t length = columns - start < RANDOM_GROUP ? columns - start : RANDOM_GROUP;
            for (size_t i = 0; i < length; i++) {
                y[start + i] = (words[i] >> 8) >= threshold ? x[start + i] * factor : 0.0f;
            }
        }
    }
}
