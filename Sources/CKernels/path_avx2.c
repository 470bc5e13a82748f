#include "tables.h"

#if defined(__x86_64__)
#include <math.h>
#include <string.h>

// Sums of 6 rows by 16 columns in 12 of the 16 registers.
#define PANEL_BLOCK_ROWS 6
#define PANEL_BLOCK_LANES 1

#pragma clang attribute push(__attribute__((target("avx2,fma,bmi,bmi2"))), apply_to = function)
#include "kernels/all.h"
#pragma clang attribute pop

const martlet_kernels martlet_kernels_avx2 = {
#include "kernels/table.h"
};
#endif
