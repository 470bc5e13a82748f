// Every kernel, as static functions of the file that includes this. The reference path has functions of the same names
// in the files *_reference.h beside these.

#include "activations.h"
#include "arithmetic.h"
#include "bias.h"
#include "dot_products.h"
#include "functions.h"
#include "cross_entropy.h"
#include "errors.h"
#include "optimizers.h"
#include "patches.h"
#include "pooling.h"
#include "random.h"
#include "softmax.h"
