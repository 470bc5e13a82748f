#include "tables.h"

const martlet_kernels *martlet_kernels_of(martlet_path path) {
    switch (path) {
    case martlet_path_reference:
        return &martlet_kernels_reference;
    case martlet_path_baseline:
        return &martlet_kernels_baseline;
#if defined(__x86_64__)
    case martlet_path_avx2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &martlet_kernels_avx2 : 0;
    case martlet_path_avx512:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                       __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                       __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
                   ? &martlet_kernels_avx512
                   : 0;
#else
    case martlet_path_avx2:
    case martlet_path_avx512:
        return 0;
#endif
    }
    return 0;
}
