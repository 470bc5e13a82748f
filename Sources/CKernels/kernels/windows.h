#pragma once

#include "CKernels.h"

/// The outputs along one axis whose windows touch the image at a given place of the kernel: first ..< last.
typedef struct touching {
    size_t first, last;
} touching;

static inline touching outputs_touching(const martlet_axis *axis, size_t place) {
    const size_t padding = axis->padding, stride = axis->stride, offset = place * axis->dilation;
    touching range;
    range.first = padding > offset ? (padding - offset + stride - 1) / stride : 0;
    range.last = axis->size + padding > offset ? (axis->size + padding - offset - 1) / stride + 1 : 0;
    if (range.first > axis->outputs) range.first = axis->outputs;
    if (range.last > axis->outputs) range.last = axis->outputs;
    if (range.last < range.first) range.last = range.first;
    return range;
}

/// The pixel under a place of the kernel of an output's window, which must touch the image there.
static inline size_t pixel_under(const martlet_axis *axis, size_t output, size_t place) {
    return output * axis->stride + place * axis->dilation - axis->padding;
}
