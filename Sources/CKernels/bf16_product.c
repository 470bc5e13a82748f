// Matrix products with factors rounded to bfloat16 and sums in 32 bits, in the loops of Goto and van de Geijn ("Anatomy
// of High-Performance Matrix Multiplication", 2008): blocks of both factors are packed into panels, and a micro-kernel
// multiplies a panel of each while its tile of the product stays in registers.
#include "CKernels.h"

#include <stdlib.h>

#include "kernels/workspace.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define BF16 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")))

bool martlet_bf16_is_supported(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bf16");
}

// A panel of `width` lanes from lanes that lie side by side: panel[k / 2][lane] = (m[k][lane], m[k + 1][lane]). Lanes
// and depth beyond the matrix are zero.
BF16 static inline __attribute__((always_inline)) void pack_side_by_side(const float *m, size_t stride, size_t lanes,
                                                                         size_t depth, size_t width, pair *panel) {
    for (size_t k = 0; k < depth; k += 2) {
        for (size_t lane = 0; lane < width; lane += 16) {
            size_t left = lanes > lane ? lanes - lane : 0;
            __mmask16 mask = left >= 16 ? 0xffff : (__mmask16)((1u << left) - 1);
            const float *first = m + k * stride + lane;
            __m512i low = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(mask, first)));
            __m512i high = _mm512_setzero_si512();
            if (k + 1 < depth) {
                high = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(mask, first + stride)));
            }
            __mmask16 room = width - lane >= 16 ? 0xffff : (__mmask16)((1u << (width - lane)) - 1);
            _mm512_mask_storeu_epi32(panel + lane, room, _mm512_or_si512(low, _mm512_slli_epi32(high, 16)));
        }
        panel += width;
    }
}

// The same panel from lanes each of which lies along the depth: panel[k / 2][lane] = (m[lane][k], m[lane][k + 1]).
BF16 static inline __attribute__((always_inline)) void pack_one_by_one(const float *m, size_t stride, size_t lanes,
                                                                       size_t depth, size_t width, pair *panel) {
    const __m512i places = _mm512_mullo_epi32(
        _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), _mm512_set1_epi32((int)width));
    for (size_t lane = 0; lane < width; lane++) {
        pair *target = panel + lane;
        for (size_t k = 0; k < depth; k += 32) {
            size_t left = lane < lanes ? depth - k : 0;
            __mmask32 mask = left >= 32 ? 0xffffffff : (__mmask32)((1ull << left) - 1);
            const float *source = m + lane * stride + k;
            __m512 low = _mm512_maskz_loadu_ps((__mmask16)mask, source);
            __m512 high = _mm512_maskz_loadu_ps((__mmask16)(mask >> 16), source + 16);
            size_t pairs = (depth - k + 1) / 2;
            __mmask16 room = pairs >= 16 ? 0xffff : (__mmask16)((1u << pairs) - 1);
            _mm512_mask_i32scatter_epi32(target, room, places, (__m512i)_mm512_cvtne2ps_pbh(high, low), 4);
            target += 16 * width;
        }
    }
}

// tile = left panel x right panel, or tile += with `adding`.
BF16 static void multiply_panels(const pair *left, const pair *right, size_t pairs, float *tile, size_t stride,
                                 bool adding) {
    __m512 sums[TILE_ROWS][2];
#pragma clang loop unroll(full)
    for (size_t row = 0; row < TILE_ROWS; row++) sums[row][0] = sums[row][1] = _mm512_setzero_ps();
    for (size_t k = 0; k < pairs; k++) {
        __m512bh first = (__m512bh)_mm512_load_si512(right), second = (__m512bh)_mm512_load_si512(right + 16);
#pragma clang loop unroll(full)
        for (size_t row = 0; row < TILE_ROWS; row++) {
            __m512bh value = (__m512bh)_mm512_set1_epi32((int)left[row]);
            sums[row][0] = _mm512_dpbf16_ps(sums[row][0], value, first);
            sums[row][1] = _mm512_dpbf16_ps(sums[row][1], value, second);
        }
        left += TILE_ROWS;
        right += TILE_COLUMNS;
    }
#pragma clang loop unroll(full)
    for (size_t row = 0; row < TILE_ROWS; row++) {
        float *to = tile + row * stride;
        if (adding) {
            sums[row][0] = _mm512_add_ps(_mm512_loadu_ps(to), sums[row][0]);
            sums[row][1] = _mm512_add_ps(_mm512_loadu_ps(to + 16), sums[row][1]);
        }
        _mm512_storeu_ps(to, sums[row][0]);
        _mm512_storeu_ps(to + 16, sums[row][1]);
    }
}

// The tile at the edge of the product, of which only a part is there.
BF16 static void multiply_edge(const pair *left, const pair *right, size_t pairs, float *tile, size_t stride,
                               size_t rows, size_t columns, bool adding) {
    float whole[TILE_ROWS * TILE_COLUMNS];
    multiply_panels(left, right, pairs, whole, TILE_COLUMNS, false);
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < columns; column++) {
            float sum = whole[row * TILE_COLUMNS + column];
            tile[row * stride + column] = adding ? tile[row * stride + column] + sum : sum;
        }
    }
}

static inline size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

BF16 static void pack_left(martlet_factor a, size_t row, size_t rows, size_t k, size_t depth, pair *panel) {
    for (size_t end = row + rows; row < end; row += TILE_ROWS) {
        size_t lanes = smaller(TILE_ROWS, end - row);
        if (a.is_transposed) {
            pack_side_by_side(a.values + k * a.stride + row, a.stride, lanes, depth, TILE_ROWS, panel);
        } else {
            pack_one_by_one(a.values + row * a.stride + k, a.stride, lanes, depth, TILE_ROWS, panel);
        }
        panel += TILE_ROWS * ((depth + 1) / 2);
    }
}

BF16 static void pack_right(martlet_factor b, size_t column, size_t columns, size_t k, size_t depth, pair *panel) {
    for (size_t end = column + columns; column < end; column += TILE_COLUMNS) {
        size_t lanes = smaller(TILE_COLUMNS, end - column);
        if (b.is_transposed) {
            pack_one_by_one(b.values + column * b.stride + k, b.stride, lanes, depth, TILE_COLUMNS, panel);
        } else {
            pack_side_by_side(b.values + k * b.stride + column, b.stride, lanes, depth, TILE_COLUMNS, panel);
        }
        panel += TILE_COLUMNS * ((depth + 1) / 2);
    }
}

void martlet_bf16_product(martlet_factor a, martlet_factor b, float *product, size_t rows, size_t columns, size_t depth,
                          bool adding) {
    bf16_workspace *own = &martlet_workspace_of_thread()->bf16;
    for (size_t column = 0; column < columns; column += BLOCK_COLUMNS) {
        size_t block_columns = smaller(BLOCK_COLUMNS, columns - column);
        for (size_t k = 0; k < depth; k += BLOCK_DEPTH) {
            size_t block_depth = smaller(BLOCK_DEPTH, depth - k), pairs = (block_depth + 1) / 2;
            bool adds = adding || k > 0;
            pack_right(b, column, block_columns, k, block_depth, own->right);
            for (size_t row = 0; row < rows; row += BLOCK_ROWS) {
                size_t block_rows = smaller(BLOCK_ROWS, rows - row);
                pack_left(a, row, block_rows, k, block_depth, own->left);
                for (size_t j = 0; j < block_columns; j += TILE_COLUMNS) {
                    for (size_t i = 0; i < block_rows; i += TILE_ROWS) {
                        const pair *left = own->left + i * pairs, *right = own->right + j * pairs;
                        float *tile = product + (row + i) * columns + column + j;
                        size_t tile_rows = smaller(TILE_ROWS, block_rows - i);
                        size_t tile_columns = smaller(TILE_COLUMNS, block_columns - j);
                        if (tile_rows == TILE_ROWS && tile_columns == TILE_COLUMNS) {
                            multiply_panels(left, right, pairs, tile, columns, adds);
                        } else {
                            multiply_edge(left, right, pairs, tile, columns, tile_rows, tile_columns, adds);
                        }
                    }
                }
            }
        }
    }
    if (depth == 0 && !adding) {
        for (size_t i = 0; i < rows * columns; i++) product[i] = 0;
    }
}
#else
bool martlet_bf16_is_supported(void) { return false; }

void martlet_bf16_product(martlet_factor a, martlet_factor b, float *product, size_t rows, size_t columns, size_t depth,
                          bool adding) {
    (void)a, (void)b, (void)product, (void)rows, (void)columns, (void)depth, (void)adding;
    abort();
}
#endif
