import NeuralNetworks
import Tensors

/// Sums over a batch that travel behind the gradient of its parameters, in the first range that is reduced.
struct StepStatistics: Equatable {
    var loss = LossSum()
    /// How many slices were computed by a worker whose time is over.
    var late: Double = 0

    /// Floats behind the gradient, with room for more.
    static let count = 16

    init() {}

    init(_ values: UnsafePointer<Float>) {
        loss = LossSum(loss: Double(values[0]), weight: Double(values[1]))
        late = Double(values[2])
    }

    func write(to values: UnsafeMutablePointer<Float>) {
        values.update(repeating: 0, count: Self.count)
        values[0] = Float(loss.loss)
        values[1] = Float(loss.weight)
        values[2] = Float(late)
    }
}
