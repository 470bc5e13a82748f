import Tensors
import Testing

/// The gradient of every operation against differences of its own forward pass. A linear layer before it turns the
/// gradient of its input into gradients of parameters.
struct FiniteDifferenceTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let input: Shape
        let build: @Sendable (inout GraphBuilder, Graph.Value) -> Graph.Value

        init(
            _ name: String, _ input: Shape, build: @escaping @Sendable (inout GraphBuilder, Graph.Value) -> Graph.Value
        ) {
            testDescription = name
            self.input = input
            self.build = build
        }
    }

    /// Declares the parameters that an operation asks for, and applies it.
    static func learned(
        _ operation: some Operation, _ builder: inout GraphBuilder, _ value: Graph.Value
    ) -> Graph.Value {
        let parameters = operation.parameterShapes.enumerated().map { index, shape in
            builder.parameter("operation.\(index)", shape: shape, initialization: .uniform(bound: 0.5))
        }
        return builder.apply(operation, to: value, parameters: parameters)
    }

    /// The same for a batch normalisation, whose last parameters are running statistics.
    static func normalized(
        _ operation: BatchNormalization, _ builder: inout GraphBuilder, _ value: Graph.Value
    ) -> Graph.Value {
        let channels = operation.parameterShapes[0]
        let parameters = ["gamma", "beta"].map {
            builder.parameter($0, shape: channels, initialization: .uniform(bound: 1))
        }
        let statistics = builder.runningStatistics(
            [("mean", channels, 0.3), ("variance", channels, 0.8)], batches: "batches", momentum: 0.1,
            isFrozen: operation.usesRunningStatistics)
        return builder.apply(operation, to: value, parameters: parameters + statistics)
    }

    static let cases: [Case] =
        Activation.allCases.flatMap { activation in
            [
                Case("linear, \(activation)", [7]) { builder, value in
                    learned(Linear(value.shape, outputs: 5, activation: activation), &builder, value)
                },
                Case("convolution, \(activation)", [2, 5, 7]) { builder, value in
                    let window = Window(over: value.shape, kernel: 3, stride: 2, padding: 1)
                    return learned(Convolution(window, outputs: 3, activation: activation), &builder, value)
                },
                Case("element-wise, \(activation)", [9]) { builder, value in
                    builder.apply(ElementWise(value.shape, activation), to: value)
                },
            ]
        } + [
            Case("leaky relu", [9]) { builder, value in
                builder.apply(Pointwise(value.shape, .leakyReLU(slope: 0.2)), to: value)
            },
            Case("gelu", [9]) { builder, value in builder.apply(Pointwise(value.shape, .gelu), to: value) },
            Case("gelu by tanh", [9]) { builder, value in
                builder.apply(Pointwise(value.shape, .geluTanh), to: value)
            },
            Case("silu", [9]) { builder, value in builder.apply(Pointwise(value.shape, .silu), to: value) },
            Case("layer norm over sequences", [3, 5]) { builder, value in
                learned(GroupNormalization(lastOf: value.shape), &builder, value)
            },
            Case("rms norm", [17]) { builder, value in
                learned(
                    GroupNormalization(lastOf: value.shape, isCentered: false, hasBias: false), &builder, value)
            },
            Case("group norm", [6, 2, 3]) { builder, value in
                learned(GroupNormalization(value.shape, groups: 2), &builder, value)
            },
            Case("batch norm of images, tanh", [3, 2, 3]) { builder, value in
                normalized(BatchNormalization(value.shape, activation: .tanh), &builder, value)
            },
            Case("batch norm of features", [5]) { builder, value in
                normalized(BatchNormalization(value.shape), &builder, value)
            },
            Case("batch norm by running averages", [4, 3]) { builder, value in
                normalized(BatchNormalization(value.shape, usesRunningStatistics: true), &builder, value)
            },
            Case("linear without bias over sequences", [3, 4]) { builder, value in
                learned(Linear(value.shape, outputs: 6, hasBias: false, activation: .tanh), &builder, value)
            },
            Case("convolution without bias, stride 1", [3, 6, 4]) { builder, value in
                let window = Window(over: value.shape, kernel: 3, stride: 1, padding: 1)
                return learned(Convolution(window, outputs: 4, hasBias: false), &builder, value)
            },
            Case("convolution of single pixels", [3, 4, 4]) { builder, value in
                learned(Convolution(Window(over: value.shape, kernel: 1, stride: 1), outputs: 2), &builder, value)
            },
            Case("pooling by halves", [2, 6, 4]) { builder, value in
                builder.apply(MaxPool(Window(over: value.shape, kernel: 2, stride: 2)), to: value)
            },
            Case("pooling with overlap", [2, 7, 5]) { builder, value in
                builder.apply(MaxPool(Window(over: value.shape, kernel: 3, stride: 2, padding: 1)), to: value)
            },
            Case("convolution with rectangular kernel, dilation", [2, 7, 6]) { builder, value in
                let window = Window(
                    over: value.shape, kernel: Sides(height: 3, width: 2), stride: Sides(height: 1, width: 2),
                    padding: Sides(height: 2, width: 0), dilation: Sides(height: 2, width: 3))
                return learned(Convolution(window, outputs: 3), &builder, value)
            },
            Case("convolution in groups", [4, 5, 4]) { builder, value in
                let window = Window(over: value.shape, kernel: 3, stride: 1, padding: 1)
                return learned(Convolution(window, outputs: 6, groups: 2, activation: .tanh), &builder, value)
            },
            Case("convolution of each channel", [3, 5, 6]) { builder, value in
                let window = Window(over: value.shape, kernel: 3, stride: 2, padding: 1)
                return learned(Convolution(window, outputs: 6, groups: 3), &builder, value)
            },
            Case("convolution along a line", [3, 11]) { builder, value in
                let window = Window(over: value.shape, kernel: 3, stride: 2, padding: 2, dilation: 2)
                return learned(Convolution(window, outputs: 4, activation: .sigmoid), &builder, value)
            },
            Case("pooling along a line", [3, 10]) { builder, value in
                builder.apply(MaxPool(Window(over: value.shape, kernel: 3, stride: 2)), to: value)
            },
            Case("average pooling with overlap", [2, 7, 5]) { builder, value in
                builder.apply(AveragePool(Window(over: value.shape, kernel: 3, stride: 2, padding: 1)), to: value)
            },
            Case("global average pooling", [3, 4, 5]) { builder, value in
                let window = Window(over: value.shape, kernel: Sides(height: 4, width: 5), stride: 1)
                return builder.apply(AveragePool(window), to: value)
            },
            Case("transpose", [3, 5]) { builder, value in
                builder.apply(Transpose(value.shape), to: value)
            },
            Case("softmax", [2, 5]) { builder, value in builder.apply(Softmax(value.shape), to: value) },
            Case("dropout", [40]) { builder, value in
                builder.apply(Dropout(value.shape, probability: 0.4, stream: 3), to: value)
            },
            Case("reshape", [2, 6]) { builder, value in
                builder.apply(Reshape(value.shape, to: [12]), to: value)
            },
            Case("sum with itself through a branch", [6]) { builder, value in
                let branch = builder.apply(ElementWise(value.shape, .sigmoid), to: value)
                return builder.apply(Sum(value.shape), to: value, branch)
            },
        ]

    @Test(arguments: cases)
    func gradients(_ subject: Case) {
        var builder = GraphBuilder(input: [5])
        let before = Linear([5], outputs: subject.input.count)
        let weight = builder.parameter(
            "before.weight", shape: before.parameterShapes[0], initialization: .uniform(bound: 0.6))
        let bias = builder.parameter(
            "before.bias", shape: before.parameterShapes[1], initialization: .uniform(bound: 0.6))
        var value = builder.apply(before, to: builder.input, parameters: [weight, bias])
        value = builder.apply(Reshape(value.shape, to: subject.input), to: value)
        let result = subject.build(&builder, value)
        let bench = GraphBench(builder.build(output: result), rows: 4)
        bench.backward()
        let largest = (0..<bench.gradients.count).reduce(Float(0)) { max($0, abs(bench.gradients.pointer[$1])) }
        #expect(largest > 0)
        for entry in bench.graph.layout.entries where entry.isLearned {
            for index in entry.range {
                let error = bench.error(at: index, step: 2e-3)
                #expect(error < 1e-3 * Double(max(1, largest)), "\(entry.name)[\(index - entry.offset)]")
            }
        }
    }
}
