#include "CImages.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

// One file while it is decoded. Lives in the caller's frame, so that it is whole after a jump.
typedef struct {
    const uint8_t *bytes;
    size_t left;
    char *message;
    png_structp png;
    png_infop info;
    // Samples as the file has them: a row, or all rows of an interlaced picture.
    uint8_t *raw;
} png_file;

static void fail(png_structp png, png_const_charp text) {
    png_file *file = png_get_error_ptr(png);
    snprintf(file->message, MARTLET_IMAGE_MESSAGE, "%s", text);
    png_longjmp(png, 1);
}

// Of parts that no sample depends on: damaged samples are errors.
static void pass_over(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static void take(png_structp png, png_bytep target, size_t count) {
    png_file *file = png_get_io_ptr(png);
    if (count > file->left) png_error(png, "the file ends too early");
    memcpy(target, file->bytes, count);
    file->bytes += count;
    file->left -= count;
}

static int is_grey(int colour_type) {
    return colour_type == PNG_COLOR_TYPE_GRAY || colour_type == PNG_COLOR_TYPE_GRAY_ALPHA;
}

// Reads everything up to the first sample. Jumps on errors.
static void read_header(png_file *file, martlet_image_layout *layout) {
    // Gamma, profiles, texts: nothing but the coded samples counts, and nothing else takes memory.
    png_set_keep_unknown_chunks(file->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    // The caller has limits of its own, and words for them.
    png_set_user_limits(file->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_read_fn(file->png, file, take);
    png_read_info(file->png, file->info);
    layout->width = png_get_image_width(file->png, file->info);
    layout->height = png_get_image_height(file->png, file->info);
    layout->channels = is_grey(png_get_color_type(file->png, file->info)) ? 1 : 3;
}

static uint32_t sample(const uint8_t *row, size_t index, int depth) {
    return depth == 8 ? row[index] : (uint32_t)row[index * 2] << 8 | row[index * 2 + 1];
}

// One row to 8 bits, over black.
static void convert(const uint8_t *row, size_t width, int depth, int channels, uint8_t *pixels) {
    int colours = channels < 3 ? 1 : 3;
    int hasAlpha = channels % 2 == 0;
    uint64_t full = depth == 8 ? 255 : 65535;
    // In the end 255 stands for what is `full` in a sample, and in its alpha.
    uint64_t divisor = (hasAlpha ? full : 1) * (full / 255);
    for (size_t column = 0; column < width; column++) {
        uint64_t alpha = hasAlpha ? sample(row, column * channels + colours, depth) : 1;
        for (int colour = 0; colour < colours; colour++) {
            uint64_t value = sample(row, column * channels + colour, depth) * alpha;
            pixels[column * colours + colour] = (uint8_t)((value + divisor / 2) / divisor);
        }
    }
}

// Jumps on errors.
static void read_rows(png_file *file, martlet_image_layout expected, uint8_t *pixels) {
    png_structp png = file->png;
    // Palettes become colours, samples of less than 8 bits 8, a transparent colour an alpha channel.
    png_set_expand(png);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, file->info);
    int depth = png_get_bit_depth(png, file->info);
    int channels = png_get_channels(png, file->info);
    size_t rowBytes = png_get_rowbytes(png, file->info);
    if ((depth != 8 && depth != 16) || rowBytes != (size_t)expected.width * channels * (depth / 8) ||
        (channels < 3 ? 1u : 3u) != expected.channels)
        png_error(png, "the image is not what its header said");
    size_t stride = passes > 1 ? rowBytes : 0;
    file->raw = malloc(passes > 1 ? rowBytes * expected.height : rowBytes);
    if (file->raw == NULL) png_error(png, "there is no memory for it");
    for (int pass = 0; pass < passes; pass++) {
        for (size_t row = 0; row < expected.height; row++) {
            uint8_t *samples = file->raw + row * stride;
            png_read_row(png, samples, NULL);
            if (pass == passes - 1)
                convert(
                    samples, expected.width, depth, channels,
                    pixels + row * expected.width * expected.channels);
        }
    }
    png_read_end(png, NULL);
}

// Reads the header into `layout`, or, where `pixels` is not null, the picture that is `layout`.
static int read_png(
    const uint8_t *bytes, size_t count, martlet_image_layout *layout, uint8_t *pixels, png_file *file, char *message) {
    message[0] = 0;
    *file = (png_file){.bytes = bytes, .left = count, .message = message};
    file->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, file, fail, pass_over);
    if (file->png != NULL) file->info = png_create_info_struct(file->png);
    if (file->info == NULL) {
        snprintf(message, MARTLET_IMAGE_MESSAGE, "there is no memory for it");
        return -1;
    }
    if (setjmp(png_jmpbuf(file->png))) return -1;
    if (pixels == NULL) {
        read_header(file, layout);
        return 0;
    }
    martlet_image_layout found;
    read_header(file, &found);
    if (found.width != layout->width || found.height != layout->height || found.channels != layout->channels)
        png_error(file->png, "the image is not what its header said");
    read_rows(file, *layout, pixels);
    return 0;
}

static void release(png_file *file) {
    png_destroy_read_struct(&file->png, &file->info, NULL);
    free(file->raw);
}

int martlet_png_read_layout(
    const uint8_t *bytes, size_t count, martlet_image_layout *layout, char message[MARTLET_IMAGE_MESSAGE]) {
    png_file file;
    int status = read_png(bytes, count, layout, NULL, &file, message);
    release(&file);
    return status;
}

int martlet_png_decode(
    const uint8_t *bytes, size_t count, martlet_image_layout expected, uint8_t *pixels,
    char message[MARTLET_IMAGE_MESSAGE]) {
    png_file file;
    int status = read_png(bytes, count, &expected, pixels, &file, message);
    release(&file);
    return status;
}
