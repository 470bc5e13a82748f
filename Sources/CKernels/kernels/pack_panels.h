#pragma once

#include <stdbool.h>
#include <string.h>

#include "panels.h"
#include "transpose.h"

static void pack_panels(const float *w, size_t stride, bool transposed, float *panels, size_t columns, size_t depth) {
    for (size_t start = 0; start < columns; start += PANEL) {
        const size_t width = columns - start < PANEL ? columns - start : PANEL;
        if (transposed) {
            transpose_matrix(w + start * stride, stride, panels, PANEL, width, depth);
        } else if (width == PANEL) {
            // A length that the compiler knows: these copies are not calls.
            for (size_t k = 0; k < depth; k++) memcpy(panels + k * PANEL, w + k * stride + start, 4 * PANEL);
        } else {
            for (size_t k = 0; k < depth; k++) memcpy(panels + k * PANEL, w + k * stride + start, 4 * width);
        }
        if (width < PANEL) {
            for (size_t k = 0; k < depth; k++) memset(panels + k * PANEL + width, 0, 4 * (PANEL - width));
        }
        panels += PANEL * depth;
    }
}
