// Sixteen partial sums side by side. Every path sums in this order, whatever the width of its registers, so a
// reduction gives the same bits on every path.
#pragma once

#include <stddef.h>

#define LANES 16

/// The sum of the partial sums, in pairs.
static inline float sum_of_lanes(float sums[LANES]) {
    for (size_t width = LANES / 2; width > 0; width /= 2) {
        for (size_t lane = 0; lane < width; lane++) sums[lane] += sums[lane + width];
    }
    return sums[0];
}
