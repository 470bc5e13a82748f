// Products with a matrix in panels, the order in which the inner loop reads it: what is left of a general product once it
// is packed. A recurrent layer packs its weights once and multiplies by them at each time step.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "CKernels.h"

// Not part of what is the same to the bit on all paths: where the CPU can, each product is fused with its sum.
#pragma clang fp contract(fast)

#define PANEL MARTLET_PANEL
#define PANEL_LANES 16

// sum + a b: for two bfloat16 in the place of one f32, both products.
#ifndef PANEL_MULTIPLY_ADD
#define PANEL_MULTIPLY_ADD(sum, a, b) ((sum) + (a) * (b))
#endif

// Rows and lanes that are multiplied together at a time: as many partial sums as registers hold. Set by the path.
#ifndef PANEL_BLOCK_ROWS
#define PANEL_BLOCK_ROWS 3
#define PANEL_BLOCK_LANES 1
#endif

typedef float panel_lanes __attribute__((vector_size(4 * PANEL_LANES), aligned(4), may_alias));

/// Writes scaled sums of one row, or adds them to what is there; width is how many of the columns exist.
static inline __attribute__((always_inline)) void write_sums(const panel_lanes *sums, size_t lanes, float *c,
                                                             size_t width, float scale, bool adding) {
    for (size_t i = 0; i < lanes; i++, c += PANEL_LANES) {
        const panel_lanes scaled = sums[i] * scale;
        if ((i + 1) * PANEL_LANES <= width) {
            *(panel_lanes *)c = adding ? *(panel_lanes *)c + scaled : scaled;
            continue;
        }
        float partial[PANEL_LANES];
        *(panel_lanes *)partial = scaled;
        for (size_t lane = 0; i * PANEL_LANES + lane < width; lane++) {
            c[lane] = adding ? c[lane] + partial[lane] : partial[lane];
        }
    }
}

/// One block of sums. rows and lanes are constants where this is inlined; width is how many of its columns exist.
static inline __attribute__((always_inline)) void panel_block(const float *a, size_t a_stride, const float *panel,
                                                              float *c, size_t c_stride, size_t rows, size_t lanes,
                                                              size_t width, size_t depth, float scale, bool adding) {
    panel_lanes sums[PANEL_BLOCK_ROWS > 8 ? PANEL_BLOCK_ROWS : 8][PANEL_BLOCK_LANES] = {0};
    // The place of the sums comes into the cache while they are computed.
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < lanes; i++) __builtin_prefetch(c + row * c_stride + i * PANEL_LANES, 1);
    }
    for (size_t k = 0; k < depth; k++, panel += PANEL) {
        for (size_t row = 0; row < rows; row++) {
            for (size_t i = 0; i < lanes; i++) {
                const panel_lanes b = *(const panel_lanes *)(panel + i * PANEL_LANES);
                sums[row][i] = PANEL_MULTIPLY_ADD(sums[row][i], a[row * a_stride + k], b);
            }
        }
    }
    // Two loops: one that chooses inside would read what it then overwrites, and wait for it.
    if (adding) {
        for (size_t row = 0; row < rows; row++) write_sums(sums[row], lanes, c + row * c_stride, width, scale, true);
    } else {
        for (size_t row = 0; row < rows; row++) write_sums(sums[row], lanes, c + row * c_stride, width, scale, false);
    }
}

#define PANEL_CASE(rows, lanes)                                                       \
    case rows:                                                                        \
        panel_block(a, a_stride, panel, c, c_stride, rows, lanes, width, depth, scale, adding); \
        break;

/// The products of all rows and the columns of one block.
static inline __attribute__((always_inline)) void panel_column(const float *a, size_t a_stride, const float *panel,
                                                               float *c, size_t c_stride, size_t rows, size_t lanes,
                                                               size_t width, size_t depth, float scale, bool adding) {
    for (; rows >= PANEL_BLOCK_ROWS; rows -= PANEL_BLOCK_ROWS) {
        panel_block(a, a_stride, panel, c, c_stride, PANEL_BLOCK_ROWS, lanes, width, depth, scale, adding);
        a += PANEL_BLOCK_ROWS * a_stride;
        c += PANEL_BLOCK_ROWS * c_stride;
    }
    switch (rows) {
        PANEL_CASE(7, lanes)
        PANEL_CASE(6, lanes)
        PANEL_CASE(5, lanes)
        PANEL_CASE(4, lanes)
        PANEL_CASE(3, lanes)
        PANEL_CASE(2, lanes)
        PANEL_CASE(1, lanes)
    }
}

static void multiply_panels(const float *a, size_t a_stride, const float *panels, float *c, size_t c_stride,
                            size_t rows, size_t columns, size_t depth, float scale, bool adding) {
    const size_t block = PANEL_BLOCK_LANES * PANEL_LANES;
    for (size_t start = 0; start < columns; start += block) {
        const float *panel = panels + start / PANEL * PANEL * depth + start % PANEL;
        const size_t width = columns - start < block ? columns - start : block;
        if (width > PANEL_LANES) {
            panel_column(a, a_stride, panel, c + start, c_stride, rows, PANEL_BLOCK_LANES, width, depth, scale, adding);
        } else {
            panel_column(a, a_stride, panel, c + start, c_stride, rows, 1, width, depth, scale, adding);
        }
    }
}

#pragma clang fp contract(off)
