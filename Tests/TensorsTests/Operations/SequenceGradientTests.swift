import Tensors
import Testing

/// Gradients of the operations on sequences against differences of their own forward pass.
struct SequenceGradientTests {
    typealias Case = FiniteDifferenceTests.Case

    /// A recurrent layer whose result is read as a whole, or with states that come from the same sequence.
    static func recurrence(
        _ cell: RecurrentCell, isBidirectional: Bool, result: Recurrence.Result, hasInitialState: Bool
    ) -> Case {
        let name = "\(cell), \(isBidirectional ? "both ways" : "forward"), \(result), states: \(hasInitialState)"
        return Case(name, [4, 3]) { builder, value in
            let operation = Recurrence(
                value.shape, width: 5, cell: cell, isBidirectional: isBidirectional, result: result,
                hasInitialState: hasInitialState)
            let states = operation.inputShapes.dropFirst().enumerated().map { index, shape in
                builder.apply(Slice(value.shape, from: index, to: shape), to: value)
            }
            let parameters = operation.parameterShapes.enumerated().map { index, shape in
                builder.parameter("operation.\(index)", shape: shape, initialization: .uniform(bound: 0.5))
            }
            return builder.apply(operation, to: [value] + states, parameters: parameters)
        }
    }

    static let recurrences = RecurrentCell.allCases.flatMap { cell in
        [
            recurrence(cell, isBidirectional: false, result: .sequence, hasInitialState: false),
            recurrence(cell, isBidirectional: true, result: .sequence, hasInitialState: true),
            recurrence(cell, isBidirectional: true, result: .last, hasInitialState: false),
            recurrence(cell, isBidirectional: false, result: .sequenceAndState, hasInitialState: true),
            recurrence(cell, isBidirectional: true, result: .sequenceAndState, hasInitialState: true),
        ]
    }

    static let attentions: [Case] = [
        attention("self-attention", .none),
        attention("causal self-attention", .causal),
        attention("self-attention in a window", .window(1)),
        attention("self-attention with dropout", .causal, dropout: 0.4),
        attention(
            "self-attention with an added mask",
            .added((0..<25).map { $0 % 4 == 1 || (10..<15).contains($0) ? -.infinity : Float($0) * 0.1 })),
        Case("cross-attention with padding", [26]) { builder, value in
            let queries = builder.apply(Slice(value.shape, from: 0, to: [3, 4]), to: value)
            let others = builder.apply(Slice(value.shape, from: 10, to: [2, 8]), to: value)
            // The input is random between -1 and 1; where it is negative, the tangent of much more of it is -1: padding.
            let numbers = builder.apply(Slice(builder.input.shape, from: 1, to: [2]), to: builder.input)
            let steep = builder.apply(Pointwise(numbers.shape, .leakyReLU(slope: 1e4)), to: numbers)
            let ids = builder.apply(ElementWise(steep.shape, .tanh), to: steep)
            return builder.apply(
                Attention(
                    positions: 3, heads: 2, headWidth: 2, source: .other(positions: 2), hasPadding: true, dropout: 0.2),
                to: queries, others, ids)
        },
        Case("self-attention in tiles", [70, 6]) { builder, value in
            builder.apply(Attention(positions: 70, heads: 1, headWidth: 2, mask: .causal), to: value)
        },
    ]

    static func attention(_ name: String, _ mask: AttentionMask, dropout: Float = 0) -> Case {
        Case(name, [5, 18]) { builder, value in
            builder.apply(
                Attention(positions: 5, heads: 2, headWidth: 3, mask: mask, dropout: dropout, stream: 9), to: value)
        }
    }

    static let others: [Case] = [
        Case("learned positions", [3, 4]) { builder, value in
            FiniteDifferenceTests.learned(LearnedPositions(value.shape, maximumPositions: 5), &builder, value)
        },
        Case("sinusoidal positions", [5, 3]) { builder, value in
            builder.apply(SinusoidalPositions(value.shape, scale: 1.7), to: value)
        },
        Case("rotary positions", [3, 14]) { builder, value in
            builder.apply(RotaryPositions(value.shape, heads: 3, headWidth: 4), to: value)
        },
        Case("rows of shared parameters", [2, 3]) { builder, value in
            let both = [
                builder.parameter("weight", shape: [5, 3], initialization: .normal(deviation: 1)),
                builder.parameter("bias", shape: [5], initialization: .normal(deviation: 1)),
            ]
            let first = builder.apply(
                Linear(value.shape, outputs: 3), to: value, parameters: both.map { $0.rows(0..<3) })
            return builder.apply(Linear(first.shape, outputs: 2), to: first, parameters: both.map { $0.rows(3..<5) })
        },
        Case("slice", [4, 3]) { builder, value in
            builder.apply(Slice(value.shape, from: 2, to: [7]), to: value)
        },
    ]

    @Test(arguments: recurrences + attentions + others)
    func gradients(_ subject: Case) {
        FiniteDifferenceTests().gradients(subject)
    }

    /// In several tiles, results and gradients have the bits of a matrix that is added to the scores.
    @Test(arguments: [1, 5, 64, 100])
    func aWindowIsTheMaskOfItsDistances(_ size: Int) {
        func gradients(_ mask: AttentionMask) -> (loss: Double, gradients: [UInt32]) {
            var builder = GraphBuilder(input: [70, 4])
            let parameters = [
                builder.parameter("weight", shape: [6, 4], initialization: .uniform(bound: 1)),
                builder.parameter("bias", shape: [6], initialization: .uniform(bound: 1)),
            ]
            let projected = builder.apply(Linear([70, 4], outputs: 6), to: builder.input, parameters: parameters)
            let result = builder.apply(Attention(positions: 70, heads: 1, headWidth: 2, mask: mask), to: projected)
            let bench = GraphBench(builder.build(output: result), rows: 2)
            let loss = bench.backward()
            return (loss, (0..<bench.gradients.count).map { bench.gradients.pointer[$0].bitPattern })
        }
        let dense = (0..<70 * 70).map { abs($0 / 70 - $0 % 70) <= size ? 0 : -Float.infinity }
        let (window, mask) = (gradients(.window(size)), gradients(.added(dense)))
        #expect(window.loss == mask.loss)
        #expect(window.gradients == mask.gradients)
    }

    @Test func embedding() {
        var builder = GraphBuilder(input: [3])
        let result = FiniteDifferenceTests.learned(
            Embedding([3], vocabulary: 4, width: 3), &builder, builder.input)
        let bench = GraphBench(builder.build(output: result), rows: 2)
        for (place, id) in [2, 0, 2, -1, 1, 0].enumerated() { bench.inputs.pointer[place] = Float(id) }
        bench.backward()
        for index in 0..<12 { #expect(bench.error(at: index, step: 1e-2) < 1e-3) }
    }

    /// Only -1 is padding: what else is no id is left out by nobody, and so shows in the result.
    @Test(arguments: [-2, -1.5, -0.5, -1e20, 0.5, 4] as [Float], [true, false])
    func whatIsNoIDIsNoPadding(_ id: Float, isAttention: Bool) {
        var builder = GraphBuilder(input: [3])
        let vectors = FiniteDifferenceTests.learned(
            Embedding([3], vocabulary: 4, width: 6), &builder, builder.input)
        let result =
            isAttention
            ? builder.apply(
                Attention(positions: 3, heads: 1, headWidth: 2, mask: .none, hasPadding: true), to: vectors,
                builder.input)
            : builder.apply(MeanPositions(vectors.shape, hasPadding: true), to: vectors, builder.input)
        let bench = GraphBench(builder.build(output: result), rows: 1)
        for (place, number) in [1, 2, -1].enumerated() { bench.inputs.pointer[place] = Float(number) }
        #expect(bench.loss().isFinite)
        bench.inputs.pointer[2] = id
        #expect(bench.loss().isNaN)
    }
}
