#include "tables.h"

#include "kernels/activations_reference.h"
#include "kernels/arithmetic_reference.h"
#include "kernels/bias_reference.h"
#include "kernels/dot_products_reference.h"
#include "kernels/functions_reference.h"
#include "kernels/cross_entropy_reference.h"
#include "kernels/errors_reference.h"
#include "kernels/optimizers_reference.h"
#include "kernels/patches_reference.h"
#include "kernels/pooling_reference.h"
#include "kernels/random_reference.h"
#include "kernels/softmax_reference.h"

const martlet_kernels martlet_kernels_reference = {
#include "kernels/table.h"
};
