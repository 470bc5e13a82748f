#include "CJPEGWriting.h"

#include <stdio.h>

#include <jpeglib.h>

size_t jpeg_writing_encode(
    const uint8_t *pixels, int width, int height, enum jpeg_writing_kind kind, int quality, int progressive,
    uint8_t **bytes) {
    struct jpeg_compress_struct encoder;
    struct jpeg_error_mgr errors;
    unsigned long count = 0;
    *bytes = NULL;
    // Whatever goes wrong here ends the test.
    encoder.err = jpeg_std_error(&errors);
    jpeg_create_compress(&encoder);
    jpeg_mem_dest(&encoder, bytes, &count);
    encoder.image_width = (JDIMENSION)width;
    encoder.image_height = (JDIMENSION)height;
    encoder.input_components = kind == jpeg_grey ? 1 : kind == jpeg_colour ? 3 : 4;
    encoder.in_color_space = kind == jpeg_grey ? JCS_GRAYSCALE : kind == jpeg_colour ? JCS_RGB : JCS_CMYK;
    jpeg_set_defaults(&encoder);
    if (kind == jpeg_inks_as_ycck) jpeg_set_colorspace(&encoder, JCS_YCCK);
    jpeg_set_quality(&encoder, quality, TRUE);
    if (progressive) jpeg_simple_progression(&encoder);
    jpeg_start_compress(&encoder, TRUE);
    while (encoder.next_scanline < encoder.image_height) {
        JSAMPROW row = (JSAMPROW)(pixels + (size_t)encoder.next_scanline * width * encoder.input_components);
        jpeg_write_scanlines(&encoder, &row, 1);
    }
    jpeg_finish_compress(&encoder);
    jpeg_destroy_compress(&encoder);
    return count;
}
