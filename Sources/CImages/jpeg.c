#include "CImages.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
// Behind it: it uses its types.
#include <jerror.h>

_Static_assert(JMSG_LENGTH_MAX <= MARTLET_IMAGE_MESSAGE, "libjpeg's longest message must fit");

// The library's error handler and where to go on when it was called.
typedef struct {
    struct jpeg_error_mgr base;
    jmp_buf escape;
    char *message;
} failing;

static void fail(j_common_ptr decoder) {
    failing *errors = (failing *)decoder->err;
    if (errors->base.msg_code == JWRN_JPEG_EOF || errors->base.msg_code == JERR_INPUT_EOF)
        snprintf(errors->message, MARTLET_IMAGE_MESSAGE, "the file ends too early");
    else
        (*errors->base.format_message)(decoder, errors->message);
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

// Reads the header and says how the picture is to be decoded. Returns 0, or -1 with the reason.
static int begin(
    struct jpeg_decompress_struct *decoder, const uint8_t *bytes, size_t count, martlet_image_layout *layout,
    char *message) {
    jpeg_create_decompress(decoder);
    jpeg_mem_src(decoder, bytes, count);
    jpeg_read_header(decoder, TRUE);
    switch (decoder->num_components) {
        case 1: decoder->out_color_space = JCS_GRAYSCALE; break;
        case 3: decoder->out_color_space = JCS_RGB; break;
        case 4: decoder->out_color_space = JCS_CMYK; break;
        default:
            snprintf(
                message, MARTLET_IMAGE_MESSAGE, "it has %d components, expected 1, 3 or 4", decoder->num_components);
            return -1;
    }
    layout->width = decoder->image_width;
    layout->height = decoder->image_height;
    layout->channels = decoder->num_components == 1 ? 1 : 3;
    return 0;
}

int martlet_jpeg_read_layout(
    const uint8_t *bytes, size_t count, martlet_image_layout *layout, char message[MARTLET_IMAGE_MESSAGE]) {
    struct jpeg_decompress_struct decoder;
    failing errors;
    prepare(&decoder, &errors, message);
    if (setjmp(errors.escape)) {
        jpeg_destroy_decompress(&decoder);
        return -1;
    }
    int status = begin(&decoder, bytes, count, layout, message);
    jpeg_destroy_decompress(&decoder);
    return status;
}

// What is left of white light behind the inks and the black, of which 255 stands for none.
static void multiply_with_black(const uint8_t *inks, uint8_t *pixels, size_t width) {
    for (size_t column = 0; column < width; column++) {
        for (size_t channel = 0; channel < 3; channel++) {
            unsigned product = inks[column * 4 + channel] * (unsigned)inks[column * 4 + 3];
            pixels[column * 3 + channel] = (uint8_t)((product + 127) / 255);
        }
    }
}

int martlet_jpeg_decode(
    const uint8_t *bytes, size_t count, martlet_image_layout expected, uint8_t *pixels,
    char message[MARTLET_IMAGE_MESSAGE]) {
    struct jpeg_decompress_struct decoder;
    failing errors;
    prepare(&decoder, &errors, message);
    if (setjmp(errors.escape)) {
        jpeg_destroy_decompress(&decoder);
        return -1;
    }
    martlet_image_layout layout;
    if (begin(&decoder, bytes, count, &layout, message) != 0) {
        jpeg_destroy_decompress(&decoder);
        return -1;
    }
    // Progressive files keep all coefficients of the image; those of a permitted size need no more than this.
    decoder.mem->max_memory_to_use = 512L << 20;
    jpeg_start_decompress(&decoder);
    int hasInks = decoder.out_color_space == JCS_CMYK;
    if (decoder.output_width != expected.width || decoder.output_height != expected.height ||
        layout.channels != expected.channels || decoder.output_components != (hasInks ? 4 : (int)layout.channels)) {
        snprintf(message, MARTLET_IMAGE_MESSAGE, "the image is not what its header said");
        jpeg_destroy_decompress(&decoder);
        return -1;
    }
    // Goes with the decoder.
    JSAMPARRAY inks = (*decoder.mem->alloc_sarray)(
        (j_common_ptr)&decoder, JPOOL_IMAGE, hasInks ? expected.width * 4 : 1, 1);
    while (decoder.output_scanline < decoder.output_height) {
        JSAMPROW row = pixels + (size_t)decoder.output_scanline * expected.width * expected.channels;
        if (hasInks) {
            jpeg_read_scanlines(&decoder, inks, 1);
            multiply_with_black(inks[0], row, expected.width);
        } else {
            jpeg_read_scanlines(&decoder, &row, 1);
        }
    }
    jpeg_finish_decompress(&decoder);
    jpeg_destroy_decompress(&decoder);
    return 0;
}
