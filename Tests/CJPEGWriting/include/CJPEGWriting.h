#ifndef CJPEG_WRITING_H
#define CJPEG_WRITING_H

#include <stddef.h>
#include <stdint.h>

enum jpeg_writing_kind { jpeg_grey, jpeg_colour, jpeg_inks, jpeg_inks_as_ycck };

/// Encodes pixels, rows from the top: one byte each for grey, three for colour, four inverted inks. Returns the number of
/// bytes, which are the caller's to free.
size_t jpeg_writing_encode(
    const uint8_t *pixels, int width, int height, enum jpeg_writing_kind kind, int quality, int progressive,
    uint8_t **bytes);

#endif
