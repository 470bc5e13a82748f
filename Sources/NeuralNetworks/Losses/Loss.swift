import Tensors

/// What training makes smaller. A sum over the rows of one loss each (PyTorch's `reduction='sum'`), so that sums over
/// slices of a batch add up to that of the batch whatever their sizes.
public enum Loss: String, Codable, Sendable, CaseIterable {
    /// Mean of (prediction - target)^2 over the outputs of a row.
    case meanSquaredError
    /// -(t log sigmoid(x) + (1 - t) log(1 - sigmoid(x))), mean over the outputs of a row.
    case binaryCrossEntropyOnLogits
    /// -log softmax(x)[label].
    case crossEntropyOnLogits

    /// The one that fits a task.
    public init(for task: ModelSpecification.Task) {
        switch task {
        case .regression: self = .meanSquaredError
        case .binary: self = .binaryCrossEntropyOnLogits
        case .classification: self = .crossEntropyOnLogits
        }
    }

    /// Floats of a row's target: the label for categorical cross-entropy, one for each output elsewhere.
    public func targetCount(outputs: Int) -> Int {
        self == .crossEntropyOnLogits ? 1 : outputs
    }

    /// The sum of the losses of all rows; NaN if a label is none of the classes.
    ///
    /// - Parameters:
    ///   - outputs: rows x columns.
    ///   - targets: rows x `targetCount(outputs: columns)`.
    ///   - gradient: gets scale x the gradient with respect to the outputs, rows x columns; nil: not wanted.
    func sum(
        outputs: UnsafePointer<Float>, targets: UnsafePointer<Float>, rows: Int, columns: Int,
        gradient: UnsafeMutablePointer<Float>? = nil, scale: Float = 1
    ) -> Double {
        switch self {
        case .meanSquaredError:
            LossKernels.squaredError(
                outputs, targets, count: rows * columns, gradient: gradient, scale: scale / Float(columns))
                / Double(columns)
        case .binaryCrossEntropyOnLogits:
            LossKernels.binaryCrossEntropy(
                logits: outputs, targets, count: rows * columns, gradient: gradient, scale: scale / Float(columns))
                / Double(columns)
        case .crossEntropyOnLogits:
            LossKernels.crossEntropy(
                logits: outputs, labels: targets, rows: rows, columns: columns, gradient: gradient, scale: scale)
        }
    }
}
