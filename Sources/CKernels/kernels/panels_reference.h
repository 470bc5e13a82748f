#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "CKernels.h"

static void pack_panels(const float *w, size_t stride, bool transposed, float *panels, size_t columns, size_t depth) {
    for (size_t place = 0; place < (columns + MARTLET_PANEL - 1) / MARTLET_PANEL * MARTLET_PANEL * depth; place++) {
        const size_t column = place / (MARTLET_PANEL * depth) * MARTLET_PANEL + place % MARTLET_PANEL;
        const size_t k = place / MARTLET_PANEL % depth;
        panels[place] = column >= columns ? 0.0f : transposed ? w[column * stride + k] : w[k * stride + column];
    }
}

static void multiply_panels(const float *a, size_t a_stride, const float *panels, float *c, size_t c_stride,
                            size_t rows, size_t columns, size_t depth, float scale, bool adding) {
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < columns; column++) {
            const float *panel = panels + column / MARTLET_PANEL * MARTLET_PANEL * depth + column % MARTLET_PANEL;
            double sum = 0.0;
            for (size_t k = 0; k < depth; k++) sum += (double)a[row * a_stride + k] * panel[k * MARTLET_PANEL];
            c[row * c_stride + column] = (float)(scale * sum + (adding ? c[row * c_stride + column] : 0.0f));
        }
    }
}
