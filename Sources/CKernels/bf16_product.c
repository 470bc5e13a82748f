// Matrix products with factors rounded to bfloat16 and sums in 32 bits: the loops of the f32 product, where a float's
// place holds two neighbouring numbers of the depth, the first one in its lower half.
#include "CKernels.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>

bool martlet_bf16_is_supported(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bf16");
}

#define PANEL_BLOCK_ROWS 8
#define PANEL_BLOCK_LANES 2
#define PANEL_MULTIPLY_ADD(sum, a, b) \
    ((panel_lanes)_mm512_dpbf16_ps((__m512)(sum), (__m512bh)_mm512_set1_ps(a), (__m512bh)(b)))
#define PRODUCT_PLACE 2

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi,bmi2,avx512bf16"))), apply_to = function)
#include "kernels/panels.h"
#include "kernels/transpose.h"
#include "kernels/workspace.h"

/// Rounds up to 32 numbers that lie side by side: 16 places, zeroes behind the last number.
static inline __attribute__((always_inline)) __m512 round_pairs(const float *numbers, size_t count) {
    const __mmask32 mask = count >= 32 ? 0xffffffff : (__mmask32)((1ull << count) - 1);
    const __m512 low = _mm512_maskz_loadu_ps((__mmask16)mask, numbers);
    const __m512 high = _mm512_maskz_loadu_ps((__mmask16)(mask >> 16), numbers + 16);
    return (__m512)_mm512_cvtne2ps_pbh(high, low);
}

/// Rounds up to 16 numbers of one row and those below them; below null there are zeroes.
static inline __attribute__((always_inline)) __m512 round_rows(const float *above, const float *below, size_t count) {
    const __mmask16 mask = count >= 16 ? 0xffff : (__mmask16)((1u << count) - 1);
    const __m512i low = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(mask, above)));
    if (!below) return (__m512)low;
    const __m512i high = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(mask, below)));
    return (__m512)_mm512_or_si512(low, _mm512_slli_epi32(high, 16));
}

/// A square of 16 lanes, each of which lies along the depth, as 16 places of all lanes.
static void turn_pairs(const float *lanes, size_t stride, size_t count, size_t depth, float *to, size_t to_stride) {
    float square[16 * 16];
    for (size_t lane = 0; lane < 16; lane++) {
        _mm512_storeu_ps(square + 16 * lane,
                         lane < count ? round_pairs(lanes + lane * stride, depth) : _mm512_setzero_ps());
    }
    transpose_square(square, 16, to, to_stride);
}

static const float *product_left(martlet_factor a, size_t row, size_t rows, size_t k, size_t depth, float *space,
                                 size_t *stride) {
    *stride = PRODUCT_LEFT_STRIDE;
    if (!a.is_transposed) {
        const float *block = a.values + row * a.stride + k;
        for (size_t i = 0; i < rows; i++) {
            for (size_t place = 0; 2 * place < depth; place += 16) {
                _mm512_storeu_ps(space + i * *stride + place,
                                 round_pairs(block + i * a.stride + 2 * place, depth - 2 * place));
            }
        }
        return space;
    }
    const float *block = a.values + k * a.stride + row;
    for (size_t i = 0; i < rows; i += 16) {
        for (size_t place = 0; 2 * place < depth; place += 16) {
            float square[16 * 16];
            for (size_t j = 0; j < 16; j++) {
                const size_t above = 2 * (place + j);
                const float *numbers = block + above * a.stride + i;
                _mm512_storeu_ps(square + 16 * j,
                                 above < depth
                                     ? round_rows(numbers, above + 1 < depth ? numbers + a.stride : NULL, rows - i)
                                     : _mm512_setzero_ps());
            }
            transpose_square(square, 16, space + i * *stride + place, *stride);
        }
    }
    return space;
}

static void product_right(martlet_factor b, size_t k, size_t depth, size_t column, size_t columns, float *panels) {
    const size_t places = (depth + 1) / 2;
    const float *block = b.values + (b.is_transposed ? column * b.stride + k : k * b.stride + column);
    for (size_t start = 0; start < columns; start += 16) {
        float *panel = panels + start / PANEL * PANEL * places + start % PANEL;
        const size_t width = columns - start;
        if (!b.is_transposed) {
            for (size_t place = 0; place < places; place++) {
                const float *numbers = block + 2 * place * b.stride + start;
                _mm512_storeu_ps(panel + place * PANEL,
                                 round_rows(numbers, 2 * place + 1 < depth ? numbers + b.stride : NULL, width));
            }
            continue;
        }
        for (size_t place = 0; place < places; place += 16) {
            const float *lanes = block + start * b.stride + 2 * place;
            if (places - place >= 16) {
                turn_pairs(lanes, b.stride, width, depth - 2 * place, panel + place * PANEL, PANEL);
                continue;
            }
            float square[16 * 16];
            turn_pairs(lanes, b.stride, width, depth - 2 * place, square, 16);
            for (size_t i = 0; place + i < places; i++) memcpy(panel + (place + i) * PANEL, square + 16 * i, 4 * 16);
        }
    }
}

#include "kernels/product_loops.h"

void martlet_bf16_product(martlet_factor a, martlet_factor b, float *c, size_t c_stride, size_t rows, size_t columns,
                          size_t depth, float scale, bool adding) {
    product(a, b, c, c_stride, rows, columns, depth, scale, adding);
}
#pragma clang attribute pop
#else
bool martlet_bf16_is_supported(void) { return false; }

void martlet_bf16_product(martlet_factor a, martlet_factor b, float *c, size_t c_stride, size_t rows, size_t columns,
                          size_t depth, float scale, bool adding) {
    (void)a, (void)b, (void)c, (void)c_stride, (void)rows, (void)columns, (void)depth, (void)scale, (void)adding;
    abort();
}
#endif
