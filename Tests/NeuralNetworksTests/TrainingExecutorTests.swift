import NeuralNetworks
import Tensors
import Testing

struct TrainingExecutorTests {
    @Test(arguments: [ModelSpecification.mlp([16, 9], inputs: 7, outputs: 3), .smallImages])
    func finishedRangesCoverTheGradientOnceFromItsEnd(_ specification: ModelSpecification) throws {
        let bench = try Workbench(specification, rows: 5)
        for index in 0..<bench.gradients.count { bench.gradients.pointer[index] = .nan }
        var end = bench.network.layout.count
        var ranges = 0
        bench.gradient { range in
            #expect(range.upperBound == end)
            for index in range { #expect(bench.gradients.pointer[index].isFinite) }
            end = range.lowerBound
            ranges += 1
        }
        #expect(end == 0)
        #expect(ranges > 1)
    }

    @Test func paddingOfTheGradientIsZero() throws {
        let bench = try Workbench(.mlp([5], inputs: 3, outputs: 3), rows: 4)
        for index in 0..<bench.gradients.count { bench.gradients.pointer[index] = 9 }
        bench.gradient()
        var next = 0
        for entry in bench.network.layout.entries {
            for index in next..<entry.offset { #expect(bench.gradients.pointer[index] == 0) }
            next = entry.offset + entry.count
        }
        for index in next..<bench.network.layout.count { #expect(bench.gradients.pointer[index] == 0) }
    }

    @Test func noRowsGiveNoLossAndNoGradient() throws {
        let bench = try Workbench(.smallImages, rows: 4)
        bench.gradient()
        var end = bench.network.layout.count
        let sum = bench.gradient(rows: 2..<2) { range in
            #expect(range.upperBound == end)
            end = range.lowerBound
        }
        #expect(sum == LossSum())
        #expect(end == 0)
        for index in 0..<bench.gradients.count { #expect(bench.gradients.pointer[index] == 0) }
    }

    /// With dropout: its mask must not depend on how the batch is cut.
    @Test func slicesOfABatchAddUpToTheBatch() throws {
        let bench = try Workbench(.smallImages, rows: 11)
        let whole = bench.gradient()
        let part = FloatBuffer(count: bench.gradients.count)
        let sum = FloatBuffer(count: bench.gradients.count)
        var loss = 0.0
        for range in [0..<3, 3..<3, 3..<4, 4..<11] {
            loss += bench.gradient(rows: range, into: part).loss
            SumKernels.add(part.pointer, to: sum.pointer, count: sum.count)
        }
        #expect(abs(loss - whole.loss) < 1e-5 * whole.loss)
        for index in 0..<sum.count {
            #expect(abs(sum.pointer[index] - bench.gradients.pointer[index]) < 1e-5)
        }
    }

    @Test(arguments: [ModelSpecification.mlp([32], inputs: 7, outputs: 3), .smallImages])
    func overfitsOneBatch(_ specification: ModelSpecification) throws {
        var specification = specification
        specification.layers.removeAll { $0.kind == "dropout" }
        let bench = try Workbench(specification, rows: 12)
        let optimizer = Optimizer(
            OptimizerSpecification(name: .adam, learningRate: 0.02), layout: bench.network.layout)
        var loss = Double.infinity
        for step in 1...400 {
            loss = try #require(bench.gradient(scale: 1 / 12, step: step).mean)
            optimizer.update(
                parameters: bench.parameters.pointer, gradients: bench.gradients.pointer,
                range: 0..<bench.network.layout.count,
                step: Optimizer.Step(number: step, learningRate: 0.02))
        }
        #expect(loss < 0.01)
    }

    @Test func theSameStepGivesTheSameBytes() throws {
        let bench = try Workbench(.smallImages, rows: 6)
        bench.gradient()
        let first = (0..<bench.gradients.count).map { bench.gradients.pointer[$0].bitPattern }
        bench.gradient()
        #expect(first == (0..<bench.gradients.count).map { bench.gradients.pointer[$0].bitPattern })
    }

    @Test func evaluationAgreesWithInference() throws {
        let bench = try Workbench(.smallImages, rows: 9)
        let outputs = FloatBuffer(count: 9 * 4)
        let served = FloatBuffer(count: 9 * 4)
        _ = bench.executor.evaluate(
            inputs: bench.inputs.pointer, targets: bench.targets.pointer, rows: 9,
            parameters: bench.parameters.pointer, outputs: outputs.pointer)
        let inference = InferenceExecutor(network: bench.network, maximumRows: 16)
        inference.run(
            inputs: bench.inputs.pointer, rows: 9, parameters: bench.parameters.pointer, outputs: served.pointer)
        for index in 0..<outputs.count { #expect(outputs.pointer[index] == served.pointer[index]) }
        #expect(inference.memoryBytes < bench.executor.memoryBytes)
    }
}
