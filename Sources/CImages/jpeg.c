#include "CImages.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

// The library's error handler and where to go on when it was called.
typedef struct {
    struct jpeg_error_mgr base;
    jmp_buf escape;
    char *message;
} failing;

static void fail(j_common_ptr decoder) {
    failing *errors = (failing *)decoder->err;
    char text[JMSG_LENGTH_MAX];
    (*errors->base.format_message)(decoder, text);
    strncpy(errors->message, text, MARTLET_JPEG_MESSAGE - 1);
    errors->message[MARTLET_JPEG_MESSAGE - 1] = 0;
    longjmp(errors->escape, 1);
}

// A warning is damaged data that the library could go on with; training on it would be silent.
static void note(j_common_ptr decoder, int level) {
    if (level < 0) fail(decoder);
}

static void be_silent(j_common_ptr decoder) { (void)decoder; }

static void prepare(struct jpeg_decompress_struct *decoder, failing *errors, char *message) {
    decoder->err = jpeg_std_error(&errors->base);
    errors->base.error_exit = fail;
    errors->base.emit_message = note;
    errors->base.output_message = be_silent;
    errors->message = message;
    message[0] = 0;
}

int martlet_jpeg_read_size(
    const uint8_t *bytes, size_t count, martlet_jpeg_size *size, char message[MARTLET_JPEG_MESSAGE]) {
    struct jpeg_decompress_struct decoder;
    failing errors;
    prepare(&decoder, &errors, message);
    if (setjmp(errors.escape)) {
        jpeg_destroy_decompress(&decoder);
        return -1;
    }
    jpeg_create_decompress(&decoder);
    jpeg_mem_src(&decoder, bytes, count);
    jpeg_read_header(&decoder, TRUE);
    size->width = decoder.image_width;
    size->height = decoder.image_height;
    jpeg_destroy_decompress(&decoder);
    return 0;
}

int martlet_jpeg_decode(
    const uint8_t *bytes, size_t count, martlet_jpeg_size expected, int channels, uint8_t *pixels,
    char message[MARTLET_JPEG_MESSAGE]) {
    struct jpeg_decompress_struct decoder;
    failing errors;
    prepare(&decoder, &errors, message);
    if (setjmp(errors.escape)) {
        jpeg_destroy_decompress(&decoder);
        return -1;
    }
    jpeg_create_decompress(&decoder);
    jpeg_mem_src(&decoder, bytes, count);
    jpeg_read_header(&decoder, TRUE);
    decoder.out_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    // Progressive files keep all coefficients of the image; those of a permitted size need no more than this.
    decoder.mem->max_memory_to_use = 512L << 20;
    jpeg_start_decompress(&decoder);
    if (decoder.output_width != expected.width || decoder.output_height != expected.height ||
        decoder.output_components != channels) {
        strncpy(message, "the image is not what its header said", MARTLET_JPEG_MESSAGE - 1);
        jpeg_destroy_decompress(&decoder);
        return -1;
    }
    while (decoder.output_scanline < decoder.output_height) {
        JSAMPROW row = pixels + (size_t)decoder.output_scanline * expected.width * channels;
        jpeg_read_scanlines(&decoder, &row, 1);
    }
    jpeg_finish_decompress(&decoder);
    jpeg_destroy_decompress(&decoder);
    return 0;
}
