// Memory into which matrix products pack their factors.
#pragma once

#include <stdint.h>

// The blocks of an f32 product: a block of rows of the left factor stays in level 2 while it meets panel after panel.
#define PRODUCT_ROWS 192
#define PRODUCT_COLUMNS 512
#define PRODUCT_DEPTH 512
// Rows a power of two apart would share a few places of the cache.
#define PRODUCT_LEFT_STRIDE (PRODUCT_DEPTH + 16)

typedef struct product_workspace {
    float left[PRODUCT_ROWS * PRODUCT_LEFT_STRIDE];
    float right[PRODUCT_COLUMNS * PRODUCT_DEPTH];
} product_workspace;

// The blocks of a bfloat16 product. Its tile in registers: 14 rows of two vectors of 16 columns, with two vectors left
// for a row of the right factor. A panel of the right factor fits into a 32 KiB level 1 cache, a block of the left one
// into half of level 2.
#define TILE_ROWS 14
#define TILE_COLUMNS 32
#define BLOCK_DEPTH 384
#define BLOCK_ROWS (TILE_ROWS * 18)
#define BLOCK_COLUMNS (TILE_COLUMNS * 64)

/// Two neighbouring numbers along the depth, one above the other in 32 bits: what vdpbf16ps multiplies at a time.
typedef uint32_t pair;

typedef struct bf16_workspace {
    pair left[BLOCK_ROWS * BLOCK_DEPTH / 2];
    pair right[BLOCK_COLUMNS * BLOCK_DEPTH / 2];
} bf16_workspace;

typedef union martlet_workspace {
    product_workspace product;
    bf16_workspace bf16;
} martlet_workspace;

/// One for each thread that multiplies, taken at its first product and given back when it ends.
martlet_workspace *martlet_workspace_of_thread(void);
