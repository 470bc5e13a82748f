#include "tables.h"

#if defined(__x86_64__)
#include <math.h>
#include <string.h>

// Sums of 8 rows by 32 columns in 16 of the 32 registers.
#define PANEL_BLOCK_ROWS 8
#define PANEL_BLOCK_LANES 2

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi,bmi2"))), apply_to = function)
#include "kernels/all.h"
#pragma clang attribute pop

const martlet_kernels martlet_kernels_avx512 = {
#include "kernels/table.h"
};
#endif
