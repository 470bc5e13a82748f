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

/// What every optimizer does with a gradient before its own formula: the slope of a parameter p with gradient g is
/// clamp(gradient_scale g, -gradient_bound, gradient_bound) + weight_decay p.
typedef struct martlet_step {
    /// Learning rate.
    float rate;
    /// 1 / weight of the batch, and the factor of clipping by norm.
    float gradient_scale;
    /// Infinity: not clipped by value.
    float gradient_bound;
    /// L2 regularisation, added to the gradient.
    float weight_decay;
    /// Each parameter is multiplied with this first: 1 - rate x decoupled weight decay.
    float parameter_decay;
} martlet_step;

/// Adam's figures for one step (Kingma and Ba, 2015; Loshchilov and Hutter, 2019 for the decoupled weight decay).
typedef struct martlet_adam {
    float beta1, beta2, epsilon;
    /// 1 - beta1 and 1 - beta2. Subtracted in 32 bits they would be off by 1e-5 of themselves.
    float complement1, complement2;
    /// learning rate / (1 - beta1^step)
    float step_size;
    /// 1 / sqrt(1 - beta2^step)
    float second_moment_scale;
} martlet_adam;

/// How labels count in a cross-entropy.
typedef struct martlet_labels {
    /// One for each class; null: all 1.
    const float *class_weights;
    /// Share of every label that is spread evenly over all classes.
    float smoothing;
} martlet_labels;

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
    /// Sum over the rows of (1 - e) w[label] L[label] + e / columns (sum over c of w[c] L[c]) with
    /// L = -log softmax(logits), smoothing e and class weights w. gradient, unless it is null, gets scale x the
    /// gradient. weight gets the sum of w[label]. A row whose label is below 0 counts for nothing; a label of columns or
    /// more, or NaN, makes the loss NaN and its row's gradient zero.
    double (*cross_entropy)(const float *logits, const float *labels, martlet_labels counting, float *gradient,
                            float scale, size_t rows, size_t columns, double *weight);
    /// The same with L = -log p of the probabilities themselves, not below 0 nor above 100.
    double (*probability_cross_entropy)(const float *p, const float *labels, martlet_labels counting, float *gradient,
                                        float scale, size_t rows, size_t columns, double *weight);
    /// Sum over the elements of w[1] t' log(1 + e^-x) + w[0] (1 - t') log(1 + e^x), where t' = (1 - e) t + e / 2: the
    /// cross-entropy of two classes whose second has the logit x. weight gets the sum of w[1] t + w[0] (1 - t). Elements
    /// with a target below 0 count for nothing.
    double (*binary_cross_entropy)(const float *logits, const float *targets, martlet_labels counting, float *gradient,
                                   float scale, size_t count, double *weight);
    /// The same of probabilities p: -(w[1] t' log p + w[0] (1 - t') log(1 - p)), logarithms not below -100.
    double (*probability_binary_cross_entropy)(const float *p, const float *targets, martlet_labels counting,
                                               float *gradient, float scale, size_t count, double *weight);
    /// Sum over rows and columns of t (log t - log softmax(logits)); 0 where t is 0. gradient = scale (softmax(logits) x
    /// sum of the row's t - t), unless it is null.
    double (*kl_divergence)(const float *logits, const float *targets, float *gradient, float scale, size_t rows,
                            size_t columns);
    /// Sum of (x - t)^2. gradient = 2 scale (x - t), unless it is null.
    double (*squared_error)(const float *x, const float *targets, float *gradient, float scale, size_t count);
    /// Sum of |x - t|. gradient = scale sign(x - t), unless it is null.
    double (*absolute_error)(const float *x, const float *targets, float *gradient, float scale, size_t count);
    /// Sum of (x - t)^2 / 2 where |x - t| <= delta, delta (|x - t| - delta / 2) elsewhere. gradient = scale (x - t) cut
    /// to at most delta, unless it is null.
    double (*huber)(const float *x, const float *targets, float delta, float *gradient, float scale, size_t count);

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

    // --- optimizers: one pass over parameters p, gradients g and states; s is the slope that martlet_step gives ---

    /// Sum of x^2.
    double (*sum_of_squares)(const float *x, size_t count);
    /// p = decay p - rate s
    void (*sgd)(martlet_step step, float *p, const float *g, size_t count);
    /// v = momentum v + s (s alone on the first step); p = decay p - rate v, with nesterov
    /// p = decay p - rate (s + momentum v)
    void (*momentum)(martlet_step step, float momentum, bool nesterov, bool first_step, float *p, const float *g,
                     float *v, size_t count);
    /// v = alpha v + (1 - alpha) s^2, with 1 - alpha as complement; d = s / (sqrt(v) + epsilon); p = decay p - rate d.
    /// With a buffer b: b = momentum b + d; p = decay p - rate b.
    void (*rmsprop)(martlet_step step, float alpha, float complement, float epsilon, float momentum, float *p,
                    const float *g, float *v, float *b, size_t count);
    /// v = v + s^2; p = decay p - rate s / (sqrt(v) + epsilon)
    void (*adagrad)(martlet_step step, float epsilon, float *p, const float *g, float *v, size_t count);
    /// m = beta1 m + (1 - beta1) s; v = beta2 v + (1 - beta2) s^2;
    /// p = decay p - step_size m / (sqrt(v) second_moment_scale + epsilon). The step's rate is not used.
    void (*adam)(martlet_step step, martlet_adam figures, float *p, const float *g, float *m, float *v, size_t count);
} martlet_kernels;

/// The table of a path; null if this CPU cannot run it.
const martlet_kernels *martlet_kernels_of(martlet_path path);

#endif
