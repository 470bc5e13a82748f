// Sixteen partial sums side by side. Every path sums in this order, whatever the width of its registers, so a
// reduction gives the same bits on every path.
#pragma once

#include <stddef.h>

#define LANES 16

typedef float lanes __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

static inline float sum_of_lanes(const lanes *sums) {
    float total[LANES];
    for (size_t i = 0; i < LANES; i++) total[i] = (*sums)[i];
    for (size_t width = LANES / 2; width > 0; width /= 2) {
        for (size_t i = 0; i < width; i++) total[i] += total[i + width];
    }
    return total[0];
}
