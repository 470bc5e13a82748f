// The product of f32. The left factor is read where it lies unless it is transposed.
#pragma once

#include "pack_panels.h"
#include "transpose.h"
#include "workspace.h"

#define PRODUCT_PLACE 1

/// The block of the left factor in rows that are `stride` apart.
static const float *product_left(martlet_factor a, size_t row, size_t rows, size_t k, size_t depth, float *space,
                                 size_t *stride) {
    if (!a.is_transposed) {
        *stride = a.stride;
        return a.values + row * a.stride + k;
    }
    *stride = PRODUCT_LEFT_STRIDE;
    transpose_matrix(a.values + k * a.stride + row, a.stride, space, *stride, depth, rows);
    return space;
}

/// The block of the right factor in panels.
static void product_right(martlet_factor b, size_t k, size_t depth, size_t column, size_t columns, float *panels) {
    const float *block = b.values + (b.is_transposed ? column * b.stride + k : k * b.stride + column);
    pack_panels(block, b.stride, b.is_transposed, panels, columns, depth);
}

#include "product_loops.h"
