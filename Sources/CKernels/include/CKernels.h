// The vectorised loops of Martlet. One table of functions per code path; all paths compute the same thing, and a path
// for a wider instruction set only does it faster. Every buffer is f32, dense and row-major; lengths may be any number,
// 0 included; pointers need only the alignment of a float. Inputs and outputs may be the same buffer where a comment
// says "in place", and must not overlap elsewhere.
#ifndef MARTLET_CKERNELS_H
#define MARTLET_CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MARTLET_CLOSED __attribute__((enum_extensibility(closed)))

/// A set of instructions that the kernels are compiled for.
typedef enum MARTLET_CLOSED martlet_path : int32_t {
    /// Plain scalar loops in the most obvious form, which tests compare the others with.
    martlet_path_reference,
    /// Whatever every CPU of the architecture has (SSE2 on x86-64, NEON on arm64).
    martlet_path_baseline,
    /// AVX2 and FMA.
    martlet_path_avx2,
    /// AVX-512 F, BW, DQ and VL.
    martlet_path_avx512,
} martlet_path;

/// An element-wise function whose derivative can be told from its result alone, so it can be applied in place.
typedef enum MARTLET_CLOSED martlet_activation : int32_t {
    martlet_activation_identity,
    martlet_activation_relu,
    martlet_activation_sigmoid,
    martlet_activation_tanh,
} martlet_activation;

/// An element-wise function whose derivative needs its argument.
typedef enum MARTLET_CLOSED martlet_function : int32_t {
    /// x above 0, slope x below
    martlet_function_leaky_relu,
    /// x Phi(x) (Hendrycks and Gimpel, 2016), with the exact distribution function of the normal distribution
    martlet_function_gelu,
    /// the same in the approximation by tanh
    martlet_function_gelu_tanh,
    /// x sigmoid(x)
    martlet_function_silu,
} martlet_function;

/// Where random numbers come from: Philox4x32-10 (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", 2011)
/// keyed by the seed and counted by (block, row, step, stream), so each number is a pure function of its place.
typedef struct martlet_random_stream {
    uint64_t seed;
    uint32_t step;
    /// Tells apart the users of one seed, such as two dropout layers.
    uint32_t stream;
} martlet_random_stream;

/// A window that slides over planes of height x width.
typedef struct martlet_window {
    size_t channels, height, width;
    size_t kernel, stride, padding;
    size_t output_height, output_width;
} martlet_window;

/// How a row is normalised: in groups of channels, each channel being `spatial` values. Layer normalisation is one group
/// of channels of one value.
typedef struct martlet_groups {
    size_t groups;
    /// Of one group.
    size_t channels;
    size_t spatial;
    /// Whether the mean is taken away first; not in RMS normalisation.
    bool centered;
    /// Added to the variance.
    float epsilon;
} martlet_groups;

/// Adam's figures for one step (Kingma and Ba, 2015; Loshchilov and Hutter, 2019 for the decoupled weight decay).
typedef struct martlet_adam {
    float beta1, beta2, epsilon;
    /// 1 - beta1 and 1 - beta2. Subtracted in 32 bits they would be off by 1e-5 of themselves.
    float complement1, complement2;
    /// learning rate / (1 - beta1^step)
    float step_size;
    /// 1 / sqrt(1 - beta2^step)
    float second_moment_scale;
    /// Added to the gradient as weight_decay x parameter (Adam); 0 for AdamW.
    float weight_decay;
    /// Each parameter is multiplied with this first: 1 - learning rate x weight decay (AdamW); 1 for Adam.
    float parameter_decay;
} martlet_adam;

typedef struct martlet_kernels {
    // --- sums ---

    /// y = a + b; y may be either of them
    void (*add)(const float *a, const float *b, float *y, size_t count);
    /// y = alpha x
    void (*scale)(float alpha, const float *x, float *y, size_t count);
    /// Each row of x (rows x columns): (value - offset[column]) * scale[column]. In place too.
    void (*normalize_rows)(const float *x, const float *offset, const float *scale, float *y, size_t rows,
                           size_t columns);

    // --- products ---

    /// y = x w^T: y[row, column] = sum of x[row, i] w[column, i], for x (rows x depth), w (columns x depth). For few
    /// rows, where a general product spends most of its time on copying w. A row's result depends on that row only.
    void (*dot_products)(const float *x, const float *w, float *y, size_t rows, size_t columns, size_t depth);

    // --- activations; in place too ---

    /// y = activation(x)
    void (*activation_forward)(martlet_activation activation, const float *x, float *y, size_t count);
    /// dx = dy activation'(x), from y = activation(x)
    void (*activation_backward)(martlet_activation activation, const float *y, const float *dy, float *dx,
                                size_t count);
    /// y (rows x columns) = activation(y + bias[column]), in place. No bias if it is null.
    void (*bias_columns_forward)(martlet_activation activation, const float *bias, float *y, size_t rows,
                                 size_t columns);
    /// In place dy = dy activation'; then bias_gradient[column] = sum of dy over the rows, unless it is null.
    void (*bias_columns_backward)(martlet_activation activation, const float *y, float *dy, float *bias_gradient,
                                  size_t rows, size_t columns);
    /// y (rows x columns) = activation(y + bias[row]), in place. No bias if it is null.
    void (*bias_rows_forward)(martlet_activation activation, const float *bias, float *y, size_t rows, size_t columns);
    /// In place dy = dy activation'; then bias_gradient[row] += sum of dy over the columns, unless it is null.
    void (*bias_rows_backward)(martlet_activation activation, const float *y, float *dy, float *bias_gradient,
                               size_t rows, size_t columns);

    /// y = function(x). The slope matters to leaky_relu alone.
    void (*function_forward)(martlet_function function, float slope, const float *x, float *y, size_t count);
    /// dx = dy function'(x)
    void (*function_backward)(martlet_function function, float slope, const float *x, const float *dy, float *dx,
                              size_t count);

    // --- softmax and losses; rows x columns ---

    /// Softmax of each row. In place too.
    void (*softmax_forward)(const float *x, float *y, size_t rows, size_t columns);
    /// dx = y (dy - sum of y dy over the row). In place too.
    void (*softmax_backward)(const float *y, const float *dy, float *dx, size_t rows, size_t columns);
    /// Sum over the rows of -log softmax(logits)[label]. gradient = scale (softmax(logits) - one hot(label)), unless it
    /// is null. A label outside 0..<columns makes the loss NaN and its row's gradient zero.
    double (*cross_entropy)(const float *logits, const float *labels, float *gradient, float scale, size_t rows,
                            size_t columns);
    /// Sum of -(t log sigmoid(x) + (1 - t) log(1 - sigmoid(x))). gradient = scale (sigmoid(x) - t), unless it is null.
    double (*binary_cross_entropy)(const float *logits, const float *targets, float *gradient, float scale,
                                   size_t count);
    /// Sum of (x - t)^2. gradient = 2 scale (x - t), unless it is null.
    double (*squared_error)(const float *x, const float *targets, float *gradient, float scale, size_t count);

    // --- normalisation; rows x channels x spatial ---

    /// Mean and variance (that of the values at hand, not an estimate) of each channel.
    void (*batch_statistics)(const float *x, float *mean, float *variance, size_t rows, size_t channels,
                             size_t spatial);
    /// y = activation((x - mean) inverse gamma + beta), where inverse = 1 / standard deviation.
    void (*batch_norm_forward)(martlet_activation activation, const float *x, const float *mean,
                               const float *inverse, const float *gamma, const float *beta, float *y, size_t rows,
                               size_t channels, size_t spatial);
    /// In place dy = dy activation'; dbeta = sums of dy, dgamma = sums of dy (x - mean) inverse.
    void (*batch_norm_slopes)(martlet_activation activation, const float *x, const float *y, float *dy,
                              const float *mean, const float *inverse, float *dgamma, float *dbeta, size_t rows,
                              size_t channels, size_t spatial);
    /// dx through the statistics too: inverse gamma (dy - dbeta / n - normalised x dgamma / n), n = rows spatial.
    void (*batch_norm_backward)(const float *x, const float *dy, const float *mean, const float *inverse,
                                const float *gamma, const float *dgamma, const float *dbeta, float *dx, size_t rows,
                                size_t channels, size_t spatial);
    /// y = factor[channel] x
    void (*scale_channels)(const float *factor, const float *x, float *y, size_t rows, size_t channels,
                           size_t spatial);
    /// Each group normalised on its own, then times gamma plus beta of the channel; either may be null. statistics
    /// (rows x groups x 2) gets mean and 1 / standard deviation.
    void (*group_norm_forward)(const martlet_groups *groups, const float *x, const float *gamma, const float *beta,
                               float *y, float *statistics, size_t rows);
    /// dx may be null, as may dbeta; dgamma must be null if and only if gamma is.
    void (*group_norm_backward)(const martlet_groups *groups, const float *x, const float *dy, const float *gamma,
                                const float *statistics, float *dx, float *dgamma, float *dbeta, size_t rows);

    // --- random numbers ---

    /// count numbers of U(low, high), of row 0 of the stream.
    void (*uniform)(martlet_random_stream stream, float low, float high, float *values, size_t count);
    /// y = x / (1 - probability) where a random number of the element's place is at least probability, else 0. The same
    /// call on gradients is the backward pass. Rows are counted from first_row. In place too.
    void (*dropout)(martlet_random_stream stream, float probability, uint32_t first_row, const float *x, float *y,
                    size_t rows, size_t columns);

    // --- images: one sample, channels x height x width ---

    /// Maximum of each window; padding counts as -infinity. argmax, unless it is null, gets the index of the first
    /// maximum within its plane.
    void (*max_pool_forward)(const martlet_window *window, const float *x, float *y, int32_t *argmax);
    /// dx = dy at the maxima, added where windows overlap, and 0 elsewhere.
    void (*max_pool_backward)(const martlet_window *window, const int32_t *argmax, const float *dy, float *dx);
    /// The patches of an image as a matrix: (channels kernel kernel) x (output_height output_width), zero where a
    /// patch lies on the padding.
    void (*image_to_columns)(const martlet_window *window, const float *image, float *columns);
    /// The transpose of image_to_columns: each pixel becomes the sum of the entries that were made from it. Entries
    /// that lie on the padding may be overwritten.
    void (*columns_to_image)(const martlet_window *window, float *columns, float *image);

    // --- optimizers: one pass over parameters p, gradients g and states ---

    /// p -= rate (g + weight_decay p)
    void (*sgd)(float rate, float weight_decay, float *p, const float *g, size_t count);
    /// v = momentum v + g + weight_decay p (v = that gradient alone on the first step); p -= rate v
    void (*momentum)(float rate, float momentum, float weight_decay, bool first_step, float *p, const float *g,
                     float *v, size_t count);
    /// First moment m, second moment v; see martlet_adam.
    void (*adam)(martlet_adam figures, float *p, const float *g, float *m, float *v, size_t count);
} martlet_kernels;

/// A factor of a matrix product, as stored: its rows are `stride` floats apart.
typedef struct martlet_factor {
    const float *values;
    size_t stride;
    bool is_transposed;
} martlet_factor;

/// Whether this CPU multiplies bfloat16 (AVX-512 BF16).
bool martlet_bf16_is_supported(void);

/// product (rows x columns) = a (rows x depth) b (depth x columns), or product += a b if `adding`; all row-major. The
/// factors are rounded to bfloat16 (to the nearest, ties to even), sums are f32. Each number of the product depends only
/// on its row of a and its column of b. Must not be called where it is not supported.
void martlet_bf16_product(martlet_factor a, martlet_factor b, float *product, size_t rows, size_t columns, size_t depth,
                          bool adding);

/// The table of a path; null if this CPU cannot run it.
const martlet_kernels *martlet_kernels_of(martlet_path path);

#endif
