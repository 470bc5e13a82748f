import NeuralNetworks
import Tensors
import Testing

/// Equal to PyTorch: the same parameters give the same outputs, losses, gradients and steps.
struct PyTorchTests {
    @Test(arguments: try Fixture.load("networks", as: [Fixture.NetworkCase].self))
    func networks(_ fixture: Fixture.NetworkCase) throws {
        let network = try Network(fixture.model)
        let parameters = try Self.parameters(of: fixture, for: network)
        let executor = TrainingExecutor(
            network: network, loss: Loss(for: fixture.model.task), maximumRows: fixture.rows)
        let outputs = FloatBuffer(count: fixture.outputs.count)
        let gradients = FloatBuffer(count: network.layout.count)
        let evaluated = executor.evaluate(
            inputs: fixture.inputs, targets: fixture.targets, rows: fixture.rows, parameters: parameters.pointer,
            outputs: outputs.pointer)
        if fixture.statistics == nil { #expect(abs(evaluated.loss - fixture.loss) <= 1e-5 * abs(fixture.loss)) }
        expectEqual(outputs.pointer, fixture.outputs, "output")

        let loss = executor.gradient(
            inputs: fixture.inputs, targets: fixture.targets, rows: fixture.rows, parameters: parameters.pointer,
            gradients: gradients.pointer, scale: 1, randomness: StepRandomness(seed: 0, step: 1, firstRow: 0))
        #expect(abs(loss.loss - fixture.loss) <= 1e-5 * abs(fixture.loss))
        for entry in network.layout.entries where entry.isLearned {
            expectEqual(gradients.pointer + entry.offset, try #require(fixture.gradients[entry.name]), entry.name)
        }
        network.update(
            0..<network.layout.count, parameters: parameters.pointer, gradients: gradients.pointer
        ) { _ in }
        for (name, values) in fixture.statistics ?? [:] {
            let entry = try #require(network.layout.entry(named: name))
            #expect(!entry.isLearned)
            expectEqual(parameters.pointer + entry.offset, values, name)
        }
    }

    /// Ten steps on a weight of 16 numbers and a bias of 3, which come one after the other, as buckets do.
    @Test(arguments: try Fixture.load("optimizers", as: [Fixture.OptimizerCase].self))
    func optimizers(_ fixture: Fixture.OptimizerCase) throws {
        var layout = ParameterLayout()
        layout.append(name: "0.weight", shape: [16])
        layout.append(name: "0.bias", shape: [3])
        let optimizer = Optimizer(fixture.optimizer, layout: layout)
        let padding = [Float](repeating: 0, count: layout.count - fixture.start.count)
        var parameters = fixture.start + padding
        for (index, gradients) in fixture.gradients.enumerated() {
            let norm = OptimizerKernels.sumOfSquares(gradients, count: gradients.count).squareRoot()
            let step = Optimizer.Step(
                number: index + 1, learningRate: fixture.optimizer.learningRate,
                gradientScale: fixture.bounds.norm.map { Float(min(1, $0 / (norm + 1e-6))) } ?? 1,
                gradientBound: fixture.bounds.value ?? .infinity)
            let flat = gradients + padding
            optimizer.update(parameters: &parameters, gradients: flat, range: 16..<layout.count, step: step)
            optimizer.update(parameters: &parameters, gradients: flat, range: 0..<16, step: step)
        }
        expectEqual(parameters, fixture.result + padding, "parameter")
        #expect(optimizer.states.map(\.name) == Optimizer.stateNames(of: fixture.optimizer))
        #expect(Set(optimizer.states.map(\.name)) == Set(fixture.states.keys))
        for state in optimizer.states {
            expectEqual(state.buffer.pointer, try #require(fixture.states[state.name]), state.name)
        }
    }

    @Test func lossesOfAWholeTraining() throws {
        let fixture = try Fixture.load("training", as: Fixture.Training.self)
        let rows = fixture.network.rows
        let network = try Network(fixture.network.model)
        let parameters = try Self.parameters(of: fixture.network, for: network)
        let executor = TrainingExecutor(network: network, loss: .crossEntropyOnLogits, maximumRows: rows)
        let gradients = FloatBuffer(count: network.layout.count)
        let optimizer = Optimizer(
            OptimizerSpecification(name: .adam, learningRate: fixture.learningRate), layout: network.layout)
        for (index, expected) in fixture.losses.enumerated() {
            let sum = executor.gradient(
                inputs: fixture.network.inputs, targets: fixture.network.targets, rows: rows,
                parameters: parameters.pointer, gradients: gradients.pointer, scale: 1 / Float(rows),
                randomness: StepRandomness(seed: 0, step: index + 1, firstRow: 0))
            #expect(abs(try #require(sum.mean) - expected) <= 1e-4 * expected, "step \(index + 1)")
            optimizer.update(
                parameters: parameters.pointer, gradients: gradients.pointer, range: 0..<network.layout.count,
                step: Optimizer.Step(number: index + 1, learningRate: fixture.learningRate))
        }
    }

    /// The fixture's `state_dict` in the network's layout, after a check that names and shapes are the same.
    private static func parameters(of fixture: Fixture.NetworkCase, for network: Network) throws -> FloatBuffer {
        #expect(Set(network.layout.entries.map(\.name)) == Set(fixture.parameters.keys))
        let parameters = FloatBuffer(count: network.layout.count)
        for entry in network.layout.entries {
            let tensor = try #require(fixture.parameters[entry.name])
            #expect(entry.shape == tensor.shape)
            (parameters.pointer + entry.offset).update(from: tensor.values, count: entry.count)
        }
        return parameters
    }
}
