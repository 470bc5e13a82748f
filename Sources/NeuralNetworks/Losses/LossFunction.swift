import Tensors

/// A loss with what its kernels need, so that nothing is allocated while it is computed.
struct LossFunction: Sendable {
    let loss: Loss
    /// Outputs of a row.
    let columns: Int
    private let counting: LossKernels.Counting
    /// What a row's sum over its outputs is divided by.
    private let divisor: Float

    init(_ loss: Loss, columns: Int) {
        precondition(
            loss.classWeights.isEmpty || loss.classWeights.count == max(columns, 2),
            "\(loss.classWeights.count) class weights for \(max(columns, 2)) classes")
        self.loss = loss
        self.columns = columns
        counting = LossKernels.Counting(
            classWeights: loss.classWeights.map(Float.init), smoothing: Float(loss.labelSmoothing))
        divisor = loss.reduction == .mean ? Float(columns) : 1
    }

    /// The sum of the losses of the rows; NaN if a label is none of the classes.
    ///
    /// - Parameters:
    ///   - outputs: rows x columns.
    ///   - targets: rows x `loss.targetCount(outputs: columns)`.
    ///   - gradient: gets scale x the gradient with respect to the outputs, rows x columns; nil: not wanted.
    func sum(
        outputs: UnsafePointer<Float>, targets: UnsafePointer<Float>, rows: Int,
        gradient: UnsafeMutablePointer<Float>? = nil, scale: Float = 1
    ) -> LossSum {
        let count = rows * columns
        switch loss.name {
        case .squaredError:
            return mean(
                LossKernels.squaredError(outputs, targets, count: count, gradient: gradient, scale: scale / divisor),
                rows: rows)
        case .halfSquaredError:
            return mean(
                LossKernels.squaredError(
                    outputs, targets, count: count, gradient: gradient, scale: scale / divisor / 2) / 2, rows: rows)
        case .absoluteError:
            return mean(
                LossKernels.absoluteError(outputs, targets, count: count, gradient: gradient, scale: scale / divisor),
                rows: rows)
        case .huber:
            return mean(
                LossKernels.huber(
                    outputs, targets, delta: Float(loss.delta), count: count, gradient: gradient,
                    scale: scale / divisor), rows: rows)
        case .binaryCrossEntropy, .binaryCrossEntropyOnProbabilities:
            let sum = LossKernels.binaryCrossEntropy(
                outputs, areProbabilities: loss.name.readsProbabilities, targets, counting: counting, count: count,
                gradient: gradient, scale: scale / divisor)
            return LossSum(loss: sum.loss / Double(divisor), weight: sum.weight / Double(columns))
        case .crossEntropy, .crossEntropyOnProbabilities:
            let sum = LossKernels.crossEntropy(
                outputs, areProbabilities: loss.name.readsProbabilities, labels: targets, counting: counting,
                rows: rows, columns: columns, gradient: gradient, scale: scale)
            return LossSum(loss: sum.loss, weight: sum.weight)
        case .divergence:
            return LossSum(
                loss: LossKernels.divergence(
                    logits: outputs, targets, rows: rows, columns: columns, gradient: gradient, scale: scale),
                weight: Double(rows))
        }
    }

    private func mean(_ sum: Double, rows: Int) -> LossSum {
        LossSum(loss: sum / Double(divisor), weight: Double(rows))
    }
}
