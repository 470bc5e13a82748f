#pragma once

#include "activations.h"

#pragma clang fp contract(off)

static void rnn_forward(martlet_activation activation, const float *gates, const float *bias, float *hidden,
                        float *output, size_t output_stride, size_t rows, size_t width) {
    for (size_t row = 0; row < rows; row++, gates += width, hidden += width, output += output_stride) {
        FOR_CONSTANT_ACTIVATION(activation, IN_PLACE_TOO for (size_t i = 0; i < width; i++) {
            const float value = activate(constant, gates[i] + bias[i]);
            hidden[i] = value;
            output[i] = value;
        })
    }
}

static void rnn_backward(martlet_activation activation, const float *hidden, const float *hidden_gradient,
                         const float *output_gradient, size_t output_stride, float *gates, float *bias_gradient,
                         size_t rows, size_t width) {
    for (size_t row = 0; row < rows; row++) {
        FOR_CONSTANT_ACTIVATION(activation, IN_PLACE_TOO for (size_t i = 0; i < width; i++) {
            const float gradient =
                activation_gradient(constant, hidden[i], hidden_gradient[i] + output_gradient[i]);
            gates[i] = gradient;
            bias_gradient[i] += gradient;
        })
        hidden += width;
        hidden_gradient += width;
        output_gradient += output_stride;
        gates += width;
    }
}

static void lstm_forward(float *gates, const float *bias, const float *previous_cell, float *cell, float *hidden,
                         float *output, size_t output_stride, size_t rows, size_t width) {
    for (size_t row = 0; row < rows; row++) {
        float *input = gates, *forget = gates + width, *candidate = gates + 2 * width, *exit = gates + 3 * width;
        IN_PLACE_TOO
        for (size_t i = 0; i < width; i++) {
            const float in = logistic(input[i] + bias[i]);
            const float keep = logistic(forget[i] + bias[width + i]);
            const float fresh = hyperbolic_tangent(candidate[i] + bias[2 * width + i]);
            const float out = logistic(exit[i] + bias[3 * width + i]);
            const float state = keep * previous_cell[i] + in * fresh;
            const float result = out * hyperbolic_tangent(state);
            input[i] = in;
            forget[i] = keep;
            candidate[i] = fresh;
            exit[i] = out;
            cell[i] = state;
            hidden[i] = result;
            output[i] = result;
        }
        gates += 4 * width;
        previous_cell += width;
        cell += width;
        hidden += width;
        output += output_stride;
    }
}

static void lstm_backward(float *gates, const float *previous_cell, const float *cell, const float *hidden_gradient,
                          const float *output_gradient, size_t output_stride, float *cell_gradient,
                          float *bias_gradient, size_t rows, size_t width) {
    for (size_t row = 0; row < rows; row++) {
        float *input = gates, *forget = gates + width, *candidate = gates + 2 * width, *exit = gates + 3 * width;
        IN_PLACE_TOO
        for (size_t i = 0; i < width; i++) {
            const float in = input[i], keep = forget[i], fresh = candidate[i], out = exit[i];
            const float state = hyperbolic_tangent(cell[i]);
            const float dh = hidden_gradient[i] + output_gradient[i];
            const float dc = cell_gradient[i] + dh * out * (1.0f - state * state);
            const float din = dc * fresh * ((1.0f - in) * in);
            const float dkeep = dc * previous_cell[i] * ((1.0f - keep) * keep);
            const float dfresh = dc * in * (1.0f - fresh * fresh);
            const float dout = dh * state * ((1.0f - out) * out);
            cell_gradient[i] = dc * keep;
            input[i] = din;
            forget[i] = dkeep;
            candidate[i] = dfresh;
            exit[i] = dout;
            bias_gradient[i] += din;
            bias_gradient[width + i] += dkeep;
            bias_gradient[2 * width + i] += dfresh;
            bias_gradient[3 * width + i] += dout;
        }
        gates += 4 * width;
        previous_cell += width;
        cell += width;
        hidden_gradient += width;
        output_gradient += output_stride;
        cell_gradient += width;
    }
}

static void gru_forward(float *gates, const float *projected, const float *input_bias, const float *hidden_bias,
                        const float *previous_hidden, float *memory, float *hidden, float *output,
                        size_t output_stride, size_t rows, size_t width) {
    for (size_t row = 0; row < rows; row++) {
        float *reset = gates, *update = gates + width, *candidate = gates + 2 * width;
        IN_PLACE_TOO
        for (size_t i = 0; i < width; i++) {
            const float r = logistic(reset[i] + input_bias[i] + (projected[i] + hidden_bias[i]));
            const float z =
                logistic(update[i] + input_bias[width + i] + (projected[width + i] + hidden_bias[width + i]));
            const float remembered = projected[2 * width + i] + hidden_bias[2 * width + i];
            const float fresh = hyperbolic_tangent(candidate[i] + input_bias[2 * width + i] + r * remembered);
            const float result = fresh + z * (previous_hidden[i] - fresh);
            reset[i] = r;
            update[i] = z;
            candidate[i] = fresh;
            memory[i] = remembered;
            hidden[i] = result;
            output[i] = result;
        }
        gates += 3 * width;
        projected += 3 * width;
        previous_hidden += width;
        memory += width;
        hidden += width;
        output += output_stride;
    }
}

static void gru_backward(float *gates, float *projected_gradient, const float *memory, const float *previous_hidden,
                         float *hidden_gradient, const float *output_gradient, size_t output_stride,
                         float *input_bias_gradient, float *hidden_bias_gradient, size_t rows, size_t width) {
    for (size_t row = 0; row < rows; row++) {
        float *reset = gates, *update = gates + width, *candidate = gates + 2 * width;
        IN_PLACE_TOO
        for (size_t i = 0; i < width; i++) {
            const float r = reset[i], z = update[i], fresh = candidate[i];
            const float dh = hidden_gradient[i] + output_gradient[i];
            const float dfresh = dh * (1.0f - z) * (1.0f - fresh * fresh);
            const float dz = dh * (previous_hidden[i] - fresh) * ((1.0f - z) * z);
            const float dr = dfresh * memory[i] * ((1.0f - r) * r);
            const float dmemory = dfresh * r;
            hidden_gradient[i] = dh * z;
            reset[i] = dr;
            update[i] = dz;
            candidate[i] = dfresh;
            projected_gradient[i] = dr;
            projected_gradient[width + i] = dz;
            projected_gradient[2 * width + i] = dmemory;
            input_bias_gradient[i] += dr;
            input_bias_gradient[width + i] += dz;
            input_bias_gradient[2 * width + i] += dfresh;
            hidden_bias_gradient[i] += dr;
            hidden_bias_gradient[width + i] += dz;
            hidden_bias_gradient[2 * width + i] += dmemory;
        }
        gates += 3 * width;
        projected_gradient += 3 * width;
        memory += width;
        previous_hidden += width;
        hidden_gradient += width;
        output_gradient += output_stride;
    }
}
