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
        if fixture.statistics == nil { #expect(abs(evaluated - fixture.loss) <= 1e-5 * abs(fixture.loss)) }
        expectEqual(outputs.pointer, fixture.outputs, "output")

        let loss = executor.gradient(
            inputs: fixture.inputs, targets: fixture.targets, rows: fixture.rows, parameters: parameters.pointer,
            gradients: gradients.pointer, scale: 1, randomness: StepRandomness(seed: 0, step: 1, firstRow: 0))
        #expect(abs(loss - fixture.loss) <= 1e-5 * abs(fixture.loss))
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

    @Test(arguments: try Fixture.load("optimizers", as: [Fixture.OptimizerCase].self))
    func optimizers(_ fixture: Fixture.OptimizerCase) throws {
        let count = fixture.start.count
        let optimizer = Optimizer(fixture.optimizer, count: count)
        var parameters = fixture.start
        for (index, gradients) in fixture.gradients.enumerated() {
            // In two ranges, as buckets come in.
            optimizer.update(parameters: &parameters, gradients: gradients, range: 7..<count, step: index + 1)
            optimizer.update(parameters: &parameters, gradients: gradients, range: 0..<7, step: index + 1)
        }
        expectEqual(parameters, fixture.result, "parameter")
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
            OptimizerSpecification(name: .adam, learningRate: fixture.learningRate), count: network.layout.count)
        for (index, expected) in fixture.losses.enumerated() {
            let sum = executor.gradient(
                inputs: fixture.network.inputs, targets: fixture.network.targets, rows: rows,
                parameters: parameters.pointer, gradients: gradients.pointer, scale: 1 / Float(rows),
                randomness: StepRandomness(seed: 0, step: index + 1, firstRow: 0))
            #expect(abs(sum / Double(rows) - expected) <= 1e-4 * expected, "step \(index + 1)")
            optimizer.update(
                parameters: parameters.pointer, gradients: gradients.pointer, range: 0..<network.layout.count,
                step: index + 1)
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
