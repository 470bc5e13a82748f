// Matrix products in the loops of Goto and van de Geijn ("Anatomy of High-Performance Matrix Multiplication", 2008): a
// block of the right factor is packed into panels, and rows of the left one are multiplied by a panel at a time while
// their sums stay in registers. The left factor is read where it lies unless it is transposed.
#pragma once

#include "CKernels.h"
#include "panels.h"
#include "transpose.h"
#include "workspace.h"

static inline size_t product_least(size_t a, size_t b) { return a < b ? a : b; }

static void product(martlet_factor a, martlet_factor b, float *c, size_t c_stride, size_t rows, size_t columns,
                    size_t depth, bool adding) {
    product_workspace *space = &martlet_workspace_of_thread()->product;
    for (size_t row = 0; depth == 0 && !adding && row < rows; row++) memset(c + row * c_stride, 0, 4 * columns);
    for (size_t column = 0; column < columns; column += PRODUCT_COLUMNS) {
        const size_t block_columns = product_least(PRODUCT_COLUMNS, columns - column);
        size_t blocks = (depth + PRODUCT_DEPTH - 1) / PRODUCT_DEPTH;
        for (size_t k = 0, block_depth; k < depth; k += block_depth, blocks--) {
            block_depth = (depth - k + blocks - 1) / blocks;
            const bool adds = adding || k > 0;
            pack_panels(b.values + (b.is_transposed ? column * b.stride + k : k * b.stride + column), b.stride,
                        b.is_transposed, space->right, block_columns, block_depth);
            for (size_t row = 0; row < rows; row += PRODUCT_ROWS) {
                const size_t block_rows = product_least(PRODUCT_ROWS, rows - row);
                const float *left = a.values + row * a.stride + k;
                size_t stride = a.stride;
                if (a.is_transposed) {
                    left = space->left;
                    stride = PRODUCT_LEFT_STRIDE;
                    transpose_matrix(a.values + k * a.stride + row, a.stride, space->left, stride, block_depth,
                                     block_rows);
                }
                multiply_panels(left, stride, space->right, c + row * c_stride + column, c_stride, block_rows,
                                block_columns, block_depth, adds);
            }
        }
    }
}
