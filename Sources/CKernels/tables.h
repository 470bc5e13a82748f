// The table of each path, one file of code each.
#pragma once

#include "CKernels.h"

extern const martlet_kernels martlet_kernels_reference, martlet_kernels_baseline;
#if defined(__x86_64__)
extern const martlet_kernels martlet_kernels_avx2, martlet_kernels_avx512;
#endif
