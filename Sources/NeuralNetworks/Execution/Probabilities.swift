import Tensors

extension ModelSpecification.Task {
    /// What the logits of a network say as probabilities: softmax over each row for classification, sigmoid for
    /// binary; nothing changes for regression. In place too.
    ///
    /// - Parameters:
    ///   - logits: rows x columns.
    ///   - probabilities: gets rows x columns.
    public func probabilities(
        logits: UnsafePointer<Float>, rows: Int, columns: Int, into probabilities: UnsafeMutablePointer<Float>
    ) {
        switch self {
        case .regression:
            if logits != UnsafePointer(probabilities) { probabilities.update(from: logits, count: rows * columns) }
        case .binary: OutputKernels.sigmoid(logits, into: probabilities, count: rows * columns)
        case .classification: OutputKernels.softmax(logits, into: probabilities, rows: rows, columns: columns)
        }
    }
}
