import Testing

@testable import Tensors

struct GraphExecutorTests {
    /// A residual block whose two linear layers share one weight, so a value has two readers and a parameter two users.
    private func sharedResidual() -> Graph {
        var builder = GraphBuilder(input: [6])
        let linear = Linear([6], outputs: 6, activation: .tanh)
        let weight = builder.parameter("weight", shape: [6, 6], initialization: .uniform(bound: 0.5))
        let first = builder.parameter("first.bias", shape: [6], initialization: .uniform(bound: 0.5))
        let second = builder.parameter("second.bias", shape: [6], initialization: .uniform(bound: 0.5))
        let hidden = builder.apply(linear, to: builder.input, parameters: [weight, first])
        let view = builder.apply(Reshape([6], to: [2, 3]), to: hidden)
        let back = builder.apply(Reshape([2, 3], to: [6]), to: view)
        let deeper = builder.apply(linear, to: back, parameters: [weight, second])
        let sum = builder.apply(Sum([6]), to: hidden, deeper)
        let result = builder.apply(Sum([6]), to: sum, hidden)
        return builder.build(output: result)
    }

    @Test func gradientsOfSharedValuesAndParametersAddUp() {
        let bench = GraphBench(sharedResidual(), rows: 3)
        bench.backward()
        for entry in bench.graph.layout.entries {
            for index in entry.range {
                #expect(bench.error(at: index, step: 1e-2) < 1e-3, "\(entry.name)")
            }
        }
    }

    /// The loss reads the result and writes its gradient.
    @Test func theGradientOfTheResultLiesBesideItWhereAllIsFrozen() {
        var builder = GraphBuilder(input: [6])
        let weight = builder.parameter(
            "weight", shape: [6, 6], initialization: .uniform(bound: 0.5), isFrozen: true)
        let bias = builder.parameter("bias", shape: [6], initialization: .uniform(bound: 0.5), isFrozen: true)
        let result = builder.apply(
            Linear([6], outputs: 6, activation: .tanh), to: builder.input, parameters: [weight, bias])
        let bench = GraphBench(builder.build(output: result), rows: 3)
        let outputs = bench.executor.forward(
            inputs: bench.inputs.pointer, rows: 3, parameters: bench.parameters.pointer, randomness: bench.randomness)
        let expected = (0..<18).map { outputs[$0] }
        bench.executor.outputGradient.update(from: bench.weights.pointer, count: 18)
        #expect((0..<18).map { outputs[$0] } == expected)
        bench.executor.backward(parameters: bench.parameters.pointer, gradients: bench.gradients.pointer) { _ in }
        #expect((0..<bench.gradients.count).allSatisfy { bench.gradients.pointer[$0] == 0 })
    }

    @Test func aSharedParameterIsFinishedAfterItsFirstUse() {
        let bench = GraphBench(sharedResidual(), rows: 3)
        bench.backward()
        let expected = (0..<bench.gradients.count).map { bench.gradients.pointer[$0] }
        var ranges: [Range<Int>] = []
        bench.backward { range in
            ranges.append(range)
            for index in range { #expect(bench.gradients.pointer[index] == expected[index]) }
        }
        // The second bias as soon as its layer is through, the shared weight only with the first layer.
        #expect(ranges == [64..<80, 0..<64])
    }

    @Test func inferenceGivesTheSameInLessMemory() {
        let graph = sharedResidual()
        let bench = GraphBench(graph, rows: 5)
        _ = bench.loss()
        let expected = bench.executor.forward(
            inputs: bench.inputs.pointer, rows: 5, parameters: bench.parameters.pointer, randomness: nil)
        let inference = GraphExecutor(graph, maximumRows: 5, purpose: .inference)
        let outputs = FloatBuffer(count: 30)
        let result = inference.forward(
            inputs: bench.inputs.pointer, rows: 5, parameters: bench.parameters.pointer, randomness: nil,
            outputs: outputs.pointer)
        #expect(result == UnsafePointer(outputs.pointer))
        for index in 0..<30 { #expect(outputs.pointer[index] == expected[index]) }
        #expect(inference.memoryBytes < bench.executor.memoryBytes)
    }

    @Test func aGraphWithoutOperationsGivesItsInput() {
        let builder = GraphBuilder(input: [3])
        let input = builder.input
        let executor = GraphExecutor(builder.build(output: input), maximumRows: 2, purpose: .inference)
        var outputs = [Float](repeating: 0, count: 6)
        executor.forward(inputs: [1, 2, 3, 4, 5, 6], rows: 2, parameters: [], randomness: nil, outputs: &outputs)
        #expect(outputs == [1, 2, 3, 4, 5, 6])
    }

    @Test func singleRowsGiveWhatBatchesGive() {
        let bench = GraphBench(sharedResidual(), rows: 4)
        let outputs = bench.executor.forward(
            inputs: bench.inputs.pointer, rows: 4, parameters: bench.parameters.pointer, randomness: nil)
        let expected = (0..<24).map { outputs[$0] }
        for row in 0..<4 {
            let single = bench.executor.forward(
                inputs: bench.inputs.pointer + row * 6, rows: 1, parameters: bench.parameters.pointer, randomness: nil)
            for index in 0..<6 { #expect(abs(single[index] - expected[row * 6 + index]) < 1e-6) }
        }
    }
}
