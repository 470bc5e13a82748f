import Tensors

/// Runs a network in evaluation mode on up to a number of rows at a time, without allocating in a call.
/// Used by one thread at a time.
public final class InferenceExecutor {
    public let network: Network
    public let maximumRows: Int
    private let executor: GraphExecutor

    public init(network: Network, maximumRows: Int) {
        self.network = network
        self.maximumRows = maximumRows
        executor = GraphExecutor(network.graph, maximumRows: maximumRows, purpose: .inference)
    }

    /// Bytes that the executor keeps for values and scratch space.
    public var memoryBytes: Int { executor.memoryBytes }

    /// What `memoryBytes` of an executor would be, without making one.
    public static func memoryBytes(_ network: Network, maximumRows: Int) -> Int {
        GraphExecutor.memoryBytes(network.graph, maximumRows: maximumRows, purpose: .inference)
    }

    /// Logits or predictions of the rows, rows x `network.outputCount`, in memory of the executor's: they stay until the
    /// next call.
    ///
    /// - Parameters:
    ///   - inputs: rows x `network.inputCount`.
    ///   - parameters: flat, as `network.layout` says.
    public func run(
        inputs: UnsafePointer<Float>, rows: Int, parameters: UnsafePointer<Float>
    ) -> UnsafePointer<Float> {
        executor.forward(inputs: inputs, rows: rows, parameters: parameters, randomness: nil)
    }

    /// Logits or predictions of the rows.
    ///
    /// - Parameters:
    ///   - inputs: rows x `network.inputCount`.
    ///   - parameters: flat, as `network.layout` says.
    ///   - outputs: gets rows x `network.outputCount`.
    public func run(
        inputs: UnsafePointer<Float>, rows: Int, parameters: UnsafePointer<Float>,
        outputs: UnsafeMutablePointer<Float>
    ) {
        executor.forward(inputs: inputs, rows: rows, parameters: parameters, randomness: nil, outputs: outputs)
    }
}
