// Products with one matrix that is used many times in a row, as the weights of a recurrent layer are once a time step.
// A general product would copy it into the order in which its inner loop reads it at each call; here that is done once.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// Not part of what is the same to the bit on all paths: where the CPU can, each product is fused with its sum.
#pragma clang fp contract(fast)

#define PANEL MARTLET_PANEL
#define PANEL_LANES 16

// Rows and lanes that are multiplied together at a time: as many partial sums as registers hold. Set by the path.
#ifndef PANEL_BLOCK_ROWS
#define PANEL_BLOCK_ROWS 3
#define PANEL_BLOCK_LANES 1
#endif

static void pack_panels(const float *w, size_t stride, bool transposed, float *panels, size_t columns, size_t depth) {
    for (size_t start = 0; start < columns; start += PANEL) {
        const size_t width = columns - start < PANEL ? columns - start : PANEL;
        for (size_t k = 0; k < depth; k++, panels += PANEL) {
            for (size_t i = 0; i < width; i++) {
                panels[i] = transposed ? w[(start + i) * stride + k] : w[k * stride + start + i];
            }
            for (size_t i = width; i < PANEL; i++) panels[i] = 0.0f;
        }
    }
}

/// One block of sums. rows is a constant where this is inlined; width is how many of its columns exist.
static inline __attribute__((always_inline)) void panel_block(const float *a, size_t a_stride, const float *panel,
                                                              float *c, size_t c_stride, size_t rows, size_t width,
                                                              size_t depth, bool adding) {
    typedef float lanes __attribute__((vector_size(4 * PANEL_LANES), aligned(4), may_alias));
    lanes sums[PANEL_BLOCK_ROWS > 8 ? PANEL_BLOCK_ROWS : 8][PANEL_BLOCK_LANES] = {0};
    for (size_t k = 0; k < depth; k++, panel += PANEL) {
        for (size_t row = 0; row < rows; row++) {
            for (size_t i = 0; i < PANEL_BLOCK_LANES; i++) {
                sums[row][i] += a[row * a_stride + k] * *(const lanes *)(panel + i * PANEL_LANES);
            }
        }
    }
    for (size_t row = 0; row < rows; row++, c += c_stride) {
        for (size_t i = 0; i < PANEL_BLOCK_LANES; i++) {
            float *to = c + i * PANEL_LANES;
            if ((i + 1) * PANEL_LANES <= width) {
                *(lanes *)to = adding ? *(lanes *)to + sums[row][i] : sums[row][i];
            } else {
                float partial[PANEL_LANES];
                *(lanes *)partial = sums[row][i];
                for (size_t lane = 0; i * PANEL_LANES + lane < width; lane++) {
                    to[lane] = adding ? to[lane] + partial[lane] : partial[lane];
                }
            }
        }
    }
}

#define PANEL_CASE(count)                                                                                  \
    case count:                                                                                            \
        panel_block(a + row * a_stride, a_stride, part, c + row * c_stride + start, c_stride, count, width, \
                    depth, adding);                                                                        \
        break;

static void multiply_panels(const float *a, size_t a_stride, const float *panels, float *c, size_t c_stride,
                            size_t rows, size_t columns, size_t depth, bool adding) {
    const size_t block = PANEL_BLOCK_LANES * PANEL_LANES;
    for (size_t start = 0; start < columns; start += block) {
        const float *part = panels + start / PANEL * PANEL * depth + start % PANEL;
        const size_t width = columns - start < block ? columns - start : block;
        size_t row = 0;
        for (; row + PANEL_BLOCK_ROWS <= rows; row += PANEL_BLOCK_ROWS) {
            panel_block(a + row * a_stride, a_stride, part, c + row * c_stride + start, c_stride, PANEL_BLOCK_ROWS,
                        width, depth, adding);
        }
        switch (rows - row) {
            PANEL_CASE(7)
            PANEL_CASE(6)
            PANEL_CASE(5)
            PANEL_CASE(4)
            PANEL_CASE(3)
            PANEL_CASE(2)
            PANEL_CASE(1)
        }
    }
}

#pragma clang fp contract(off)
