// Memory into which matrix products pack their factors.
#pragma once

// The blocks of a product, in floats: one of the left factor stays in level 2 of the cache while it meets panel after
// panel.
#define PRODUCT_ROWS 192
#define PRODUCT_COLUMNS 512
#define PRODUCT_DEPTH 512
// Rows a power of two apart would share a few places of the cache.
#define PRODUCT_LEFT_STRIDE (PRODUCT_DEPTH + 16)

typedef struct martlet_workspace {
    float left[PRODUCT_ROWS * PRODUCT_LEFT_STRIDE];
    float right[PRODUCT_COLUMNS * PRODUCT_DEPTH];
} martlet_workspace;

/// One for each thread that multiplies, taken at its first product and given back when it ends.
martlet_workspace *martlet_workspace_of_thread(void);
