#include "tables.h"

#include "kernels/all.h"

const martlet_kernels martlet_kernels_baseline = {
#include "kernels/table.h"
};
