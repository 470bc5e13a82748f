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

/// A window along one axis of an image: output i lies over the pixels i stride + k dilation - padding, k < kernel.
typedef struct martlet_axis {
    size_t size, kernel, stride, padding, dilation, outputs;
} martlet_axis;

/// A window that slides over planes.
typedef struct martlet_window {
    size_t channels;
    martlet_axis y, x;
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

/// A factor of a matrix product, as stored: its rows are `stride` floats apart.
typedef struct martlet_factor {
    const float *values;
    size_t stride;
    bool is_transposed;
} martlet_factor;

/// Columns of a matrix that multiply_panels works on side by side.
#define MARTLET_PANEL 32

/// Which keys the rows of a tile of attention scores may look at.
typedef struct martlet_attention_mask {
    /// Queries x keys, added to the scores of all heads; null: nothing is added.
    const float *added;
    size_t added_stride;
    /// One for each key: -1 stands for padding, which nobody looks at; null: no padding.
    const float *ids;
    /// A query looks at keys up to its own position only.
    bool causal;
    /// A query looks at keys that are at most so many positions away from its own; 0: at any.
    size_t window;
    /// Position of the tile's first query.
    size_t first_row;
} martlet_attention_mask;

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

    /// c (rows x columns) = scale a (rows x depth) b (depth x columns), or c += scale a b if adding. Each number of the
    /// product depends only on its row of a and its column of b.
    void (*product)(martlet_factor a, martlet_factor b, float *c, size_t c_stride, size_t rows, size_t columns,
                    size_t depth, float scale, bool adding);

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
    /// Mean of each window; padding counts as zeroes.
    void (*average_pool_forward)(const martlet_window *window, const float *x, float *y);
    /// Each pixel becomes the sum of its shares of dy.
    void (*average_pool_backward)(const martlet_window *window, const float *dy, float *dx);
    /// The patches of an image as a matrix: (channels, kernel rows and columns) x (outputs), zero where a patch lies on
    /// the padding.
    void (*image_to_columns)(const martlet_window *window, const float *image, float *columns);
    /// The transpose of image_to_columns: each pixel becomes the sum of the entries that were made from it. Entries
    /// that lie on the padding may be overwritten.
    void (*columns_to_image)(const martlet_window *window, float *columns, float *image);

    /// Convolution of each channel with kernels of its own: w (channels x multiplier x kernel), y (channels x multiplier
    /// x outputs).
    void (*depthwise_forward)(const martlet_window *window, size_t multiplier, const float *x, const float *w,
                              float *y);
    /// dw += the gradient of w; dx, unless it is null, = the gradient of x.
    void (*depthwise_backward)(const martlet_window *window, size_t multiplier, const float *x, const float *w,
                               const float *dy, float *dw, float *dx);

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

    // --- embeddings and positions ---

    /// y[i] = row ids[i] of the table (vocabulary x width); zeroes for the id -1, which is padding, and NaN for others
    /// that are none of the vocabulary.
    void (*embedding_forward)(const float *ids, const float *table, float *y, size_t count, size_t vocabulary,
                              size_t width);
    /// Row v of table_gradient = sum of the dy[i] whose id is v, in the order of i.
    void (*embedding_backward)(const float *ids, const float *dy, float *table_gradient, size_t count,
                               size_t vocabulary, size_t width);
    /// Turns each pair (i, i + width / 2) of each head by the angle whose cosine and sine are given (positions x
    /// width / 2); direction -1 turns back. x and y are positions x stride, of which the first heads x width are used.
    void (*rotate_heads)(const float *cosines, const float *sines, float direction, const float *x, float *y,
                         size_t positions, size_t heads, size_t width, size_t stride);

    // --- recurrent layers: one step of rows sequences ---

    /// The matrix b (depth x columns; stored as columns x depth if transposed) in panels of MARTLET_PANEL columns,
    /// each depth x MARTLET_PANEL, the last one filled up with zeroes.
    void (*pack_panels)(const float *b, size_t stride, bool transposed, float *panels, size_t columns, size_t depth);
    /// c (rows x columns) = scale a (rows x depth) b, or c += scale a b if adding, with b in panels.
    void (*multiply_panels)(const float *a, size_t a_stride, const float *panels, float *c, size_t c_stride,
                            size_t rows, size_t columns, size_t depth, float scale, bool adding);
    /// hidden (rows x width) = activation(gates + bias), which goes to output too.
    void (*rnn_forward)(martlet_activation activation, const float *gates, const float *bias, float *hidden,
                        float *output, size_t output_stride, size_t rows, size_t width);
    /// gates = (hidden_gradient + output_gradient) activation'; bias_gradient += their sum over the rows.
    void (*rnn_backward)(martlet_activation activation, const float *hidden, const float *hidden_gradient,
                         const float *output_gradient, size_t output_stride, float *gates, float *bias_gradient,
                         size_t rows, size_t width);
    /// gates (rows x 4 width: input, forget, candidate, output) are given before the bias, and become the activated
    /// ones; cell = forget previous_cell + input candidate; hidden = output tanh(cell), which goes to output too.
    void (*lstm_forward)(float *gates, const float *bias, const float *previous_cell, float *cell, float *hidden,
                         float *output, size_t output_stride, size_t rows, size_t width);
    /// gates become their gradients before the activation, whose sum over the rows is added to bias_gradient.
    /// cell_gradient: of cell, as far as the next step depends on it, becomes that of previous_cell.
    void (*lstm_backward)(float *gates, const float *previous_cell, const float *cell, const float *hidden_gradient,
                          const float *output_gradient, size_t output_stride, float *cell_gradient,
                          float *bias_gradient, size_t rows, size_t width);
    /// gates (rows x 3 width: reset, update, candidate) are given as the input's part before the bias, and become the
    /// activated ones; projected is the part of previous_hidden. memory keeps the candidate's part of the latter.
    void (*gru_forward)(float *gates, const float *projected, const float *input_bias, const float *hidden_bias,
                        const float *previous_hidden, float *memory, float *hidden, float *output,
                        size_t output_stride, size_t rows, size_t width);
    /// gates become their gradients before the activation, projected_gradient those of projected; both are added to
    /// the biases' gradients. hidden_gradient becomes what goes straight to previous_hidden.
    void (*gru_backward)(float *gates, float *projected_gradient, const float *memory, const float *previous_hidden,
                         float *hidden_gradient, const float *output_gradient, size_t output_stride,
                         float *input_bias_gradient, float *hidden_bias_gradient, size_t rows, size_t width);

    // --- attention: a tile of scores, queries (rows) x keys (columns) ---

    /// In place softmax of each row over the keys that it may look at, 0 for the others and for a row that may look at
    /// none. normalizers, unless null, gets log sum e^score, infinite for such a row.
    void (*attention_weights)(const martlet_attention_mask *mask, float *scores, float *normalizers, size_t rows,
                              size_t columns);
    /// In place from scores to weights w, by the normalizers, and from the gradients of the weights to those of the
    /// products that the scores were before their scale: scale w (gradient - product of the row).
    void (*attention_weights_backward)(const martlet_attention_mask *mask, float scale, const float *normalizers,
                                       const float *products, float *scores, float *gradients, size_t rows,
                                       size_t columns);
    /// products[row] = sum of a b over the columns, for rows that are stride apart.
    void (*row_products)(const float *a, const float *b, size_t stride, float *products, size_t rows, size_t columns);
    /// In place dropout of a tile whose rows are first_row + row of a matrix with that many keys a row, which belongs
    /// to this row of the batch.
    void (*dropout_tile)(martlet_random_stream stream, float probability, uint32_t batch_row, size_t first_row,
                         float *values, size_t rows, size_t columns, size_t keys);
} martlet_kernels;

/// Whether this CPU multiplies bfloat16 (AVX-512 BF16).
bool martlet_bf16_is_supported(void);

/// As `product` of the tables, with the factors rounded to bfloat16 (to the nearest, ties to even) and sums in f32. Must
/// not be called where it is not supported.
void martlet_bf16_product(martlet_factor a, martlet_factor b, float *c, size_t c_stride, size_t rows, size_t columns,
                          size_t depth, float scale, bool adding);

/// The table of a path; null if this CPU cannot run it.
const martlet_kernels *martlet_kernels_of(martlet_path path);

#endif
