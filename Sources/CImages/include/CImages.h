// libjpeg tells of errors by a function that must not return, so the jump back out of the library has to be made in C.
#ifndef MARTLET_CIMAGES_H
#define MARTLET_CIMAGES_H

#include <stddef.h>
#include <stdint.h>

/// Room for libjpeg's longest message (JMSG_LENGTH_MAX).
#define MARTLET_JPEG_MESSAGE 200

/// Size of a JPEG image, from its header alone.
typedef struct {
    uint32_t width;
    uint32_t height;
} martlet_jpeg_size;

/// Reads the header. Returns 0, or -1 with the library's words in `message`.
int martlet_jpeg_read_size(
    const uint8_t *bytes, size_t count, martlet_jpeg_size *size, char message[MARTLET_JPEG_MESSAGE]);

/// Decodes into `pixels`, rows from the top, each `width` x `channels` bytes: 1 channel is grey, 3 are red, green and
/// blue. `expected` is what `martlet_jpeg_read_size` gave, and `pixels` has room for it. A damaged or short file is an
/// error, where libjpeg only warns. Returns 0, or -1 with the library's words in `message`.
int martlet_jpeg_decode(
    const uint8_t *bytes, size_t count, martlet_jpeg_size expected, int channels, uint8_t *pixels,
    char message[MARTLET_JPEG_MESSAGE]);

#endif
