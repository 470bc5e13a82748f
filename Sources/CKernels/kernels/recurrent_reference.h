#pragma once

#include "activations_reference.h"

static double logistic_of(double x) { return 1.0 / (1.0 + exp(-x)); }

static void rnn_forward(martlet_activation activation, const float *gates, const float *bias, float *hidden,
                        float *output, size_t output_stride, size_t rows, size_t width) {
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < width; i++) {
            hidden[row * width + i] = activate(activation, gates[row * width + i] + bias[i]);
            output[row * output_stride + i] = hidden[row * width + i];
        }
    }
}

static void rnn_backward(martlet_activation activation, const float *hidden, const float *hidden_gradient,
                         const float *output_gradient, size_t output_stride, float *gates, float *bias_gradient,
                         size_t rows, size_t width) {
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < width; i++) {
            const size_t at = row * width + i;
            const float dh = hidden_gradient[at] + output_gradient[row * output_stride + i];
            gates[at] = activation_gradient(activation, hidden[at], dh);
            bias_gradient[i] += gates[at];
        }
    }
}

static void lstm_forward(float *gates, const float *bias, const float *previous_cell, float *cell, float *hidden,
                         float *output, size_t output_stride, size_t rows, size_t width) {
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < width; i++) {
            float *gate = gates + row * 4 * width + i;
            const size_t at = row * width + i;
            const double in = logistic_of((double)gate[0] + bias[i]);
            const double keep = logistic_of((double)gate[width] + bias[width + i]);
            const double fresh = tanh((double)gate[2 * width] + bias[2 * width + i]);
            const double out = logistic_of((double)gate[3 * width] + bias[3 * width + i]);
            const double state = keep * previous_cell[at] + in * fresh;
            gate[0] = (float)in;
            gate[width] = (float)keep;
            gate[2 * width] = (float)fresh;
            gate[3 * width] = (float)out;
            cell[at] = (float)state;
            hidden[at] = (float)(out * tanh(state));
            output[row * output_stride + i] = hidden[at];
        }
    }
}

static void lstm_backward(float *gates, const float *previous_cell, const float *cell, const float *hidden_gradient,
                          const float *output_gradient, size_t output_stride, float *cell_gradient,
                          float *bias_gradient, size_t rows, size_t width) {
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < width; i++) {
            float *gate = gates + row * 4 * width + i;
            const size_t at = row * width + i;
            const double in = gate[0], keep = gate[width], fresh = gate[2 * width], out = gate[3 * width];
            const double state = tanh((double)cell[at]);
            const double dh = (double)hidden_gradient[at] + output_gradient[row * output_stride + i];
            const double dc = cell_gradient[at] + dh * out * (1 - state * state);
            const double gradients[4] = {dc * fresh * in * (1 - in), dc * previous_cell[at] * keep * (1 - keep),
                                         dc * in * (1 - fresh * fresh), dh * state * out * (1 - out)};
            cell_gradient[at] = (float)(dc * keep);
            for (size_t k = 0; k < 4; k++) {
                gate[k * width] = (float)gradients[k];
                bias_gradient[k * width + i] += (float)gradients[k];
            }
        }
    }
}

static void gru_forward(float *gates, const float *projected, const float *input_bias, const float *hidden_bias,
                        const float *previous_hidden, float *memory, float *hidden, float *output,
                        size_t output_stride, size_t rows, size_t width) {
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < width; i++) {
            float *gate = gates + row * 3 * width + i;
            const float *part = projected + row * 3 * width + i;
            const size_t at = row * width + i;
            const double r = logistic_of((double)gate[0] + input_bias[i] + part[0] + hidden_bias[i]);
            const double z = logistic_of((double)gate[width] + input_bias[width + i] + part[width] +
                                         hidden_bias[width + i]);
            const double remembered = (double)part[2 * width] + hidden_bias[2 * width + i];
            const double fresh = tanh(gate[2 * width] + input_bias[2 * width + i] + r * remembered);
            gate[0] = (float)r;
            gate[width] = (float)z;
            gate[2 * width] = (float)fresh;
            memory[at] = (float)remembered;
            hidden[at] = (float)((1 - z) * fresh + z * previous_hidden[at]);
            output[row * output_stride + i] = hidden[at];
        }
    }
}

static void gru_backward(float *gates, float *projected_gradient, const float *memory, const float *previous_hidden,
                         float *hidden_gradient, const float *output_gradient, size_t output_stride,
                         float *input_bias_gradient, float *hidden_bias_gradient, size_t rows, size_t width) {
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < width; i++) {
            float *gate = gates + row * 3 * width + i;
            float *part = projected_gradient + row * 3 * width + i;
            const size_t at = row * width + i;
            const double r = gate[0], z = gate[width], fresh = gate[2 * width];
            const double dh = (double)hidden_gradient[at] + output_gradient[row * output_stride + i];
            const double dfresh = dh * (1 - z) * (1 - fresh * fresh);
            const double gradients[3] = {dfresh * memory[at] * r * (1 - r),
                                         dh * (previous_hidden[at] - fresh) * z * (1 - z), dfresh};
            hidden_gradient[at] = (float)(dh * z);
            for (size_t k = 0; k < 3; k++) {
                gate[k * width] = (float)gradients[k];
                part[k * width] = (float)(k == 2 ? dfresh * r : gradients[k]);
                input_bias_gradient[k * width + i] += gate[k * width];
                hidden_bias_gradient[k * width + i] += part[k * width];
            }
        }
    }
}
