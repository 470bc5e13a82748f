// libpng and libjpeg tell of errors by functions that must not return, so the jump back out of them has to be made in C.
#ifndef MARTLET_CIMAGES_H
#define MARTLET_CIMAGES_H

#include <stddef.h>
#include <stdint.h>

/// Room for what a library says of an error.
#define MARTLET_IMAGE_MESSAGE 200

/// What a file holds, from its header alone. The sizes are not checked: hold them against a limit before decoding.
typedef struct {
    uint32_t width;
    uint32_t height;
    /// 1: grey, 3: red, green and blue.
    uint32_t channels;
} martlet_image_layout;

/// Reads the header. Returns 0, or -1 with the reason in `message`.
int martlet_png_read_layout(
    const uint8_t *bytes, size_t count, martlet_image_layout *layout, char message[MARTLET_IMAGE_MESSAGE]);
int martlet_jpeg_read_layout(
    const uint8_t *bytes, size_t count, martlet_image_layout *layout, char message[MARTLET_IMAGE_MESSAGE]);

/// Decodes into `pixels`, rows from the top, `width` x `channels` bytes each. `expected` is what the header said, and
/// `pixels` has room for it. A damaged or short file is an error, where the libraries only warn. Returns 0, or -1 with
/// the reason in `message`.
///
/// Samples are those that the file codes, whatever it says of gamma and colour profiles. Those of 16 bits are rounded to
/// 8, and transparency is laid over black.
int martlet_png_decode(
    const uint8_t *bytes, size_t count, martlet_image_layout expected, uint8_t *pixels,
    char message[MARTLET_IMAGE_MESSAGE]);

/// The same. Files of four inks hold them inverted, as Adobe writes them, and are multiplied with their black.
int martlet_jpeg_decode(
    const uint8_t *bytes, size_t count, martlet_image_layout expected, uint8_t *pixels,
    char message[MARTLET_IMAGE_MESSAGE]);

#endif
