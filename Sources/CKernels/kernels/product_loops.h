// Matrix products in the loops of Goto and van de Geijn ("Anatomy of High-Performance Matrix Multiplication", 2008): a
// block of the right factor is packed into panels, and rows of the left one are multiplied by a panel at a time while
// their sums stay in registers.
//
// Who includes this says how factors are stored where they are multiplied: PRODUCT_PLACE numbers of the depth in the
// place of one float, and the functions product_left and product_right, which bring them there.
#pragma once

#include "panels.h"
#include "workspace.h"

static inline size_t product_least(size_t a, size_t b) { return a < b ? a : b; }

static void product(martlet_factor a, martlet_factor b, float *c, size_t c_stride, size_t rows, size_t columns,
                    size_t depth, float scale, bool adding) {
    martlet_workspace *space = martlet_workspace_of_thread();
    for (size_t row = 0; depth == 0 && !adding && row < rows; row++) memset(c + row * c_stride, 0, 4 * columns);
    for (size_t column = 0; column < columns; column += PRODUCT_COLUMNS) {
        const size_t block_columns = product_least(PRODUCT_COLUMNS, columns - column);
        size_t blocks = (depth + PRODUCT_DEPTH * PRODUCT_PLACE - 1) / (PRODUCT_DEPTH * PRODUCT_PLACE);
        for (size_t k = 0, places; k < depth; k += places * PRODUCT_PLACE, blocks--) {
            places = (depth - k + blocks * PRODUCT_PLACE - 1) / (blocks * PRODUCT_PLACE);
            const size_t block_depth = product_least(places * PRODUCT_PLACE, depth - k);
            product_right(b, k, block_depth, column, block_columns, space->right);
            for (size_t row = 0; row < rows; row += PRODUCT_ROWS) {
                const size_t block_rows = product_least(PRODUCT_ROWS, rows - row);
                size_t stride;
                const float *left = product_left(a, row, block_rows, k, block_depth, space->left, &stride);
                multiply_panels(left, stride, space->right, c + row * c_stride + column, c_stride, block_rows,
                                block_columns, places, scale, adding || k > 0);
            }
        }
    }
}
