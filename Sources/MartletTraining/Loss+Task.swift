import NeuralNetworks

extension Loss {
    /// What outputs mean that this loss is taken of; decides the metrics.
    var task: ModelSpecification.Task {
        switch name {
        case .squaredError, .halfSquaredError, .absoluteError, .huber: .regression
        case .binaryCrossEntropy, .binaryCrossEntropyOnProbabilities: .binary
        case .crossEntropy, .crossEntropyOnProbabilities, .divergence: .classification
        }
    }
}
