import CKernels

/// Losses fused with their gradient: both in one pass over the outputs. Sums over all rows or elements.
public enum LossKernels {
    /// How labels count in a cross-entropy.
    public struct Counting: @unchecked Sendable {
        var kernel: martlet_labels
        private let weights: FloatBuffer?

        /// - Parameters:
        ///   - classWeights: one for each class; empty: all 1.
        ///   - smoothing: share of each label that is spread evenly over all classes.
        public init(classWeights: [Float] = [], smoothing: Float = 0) {
            weights = classWeights.isEmpty ? nil : FloatBuffer(count: classWeights.count)
            weights?.pointer.update(from: classWeights, count: classWeights.count)
            kernel = martlet_labels(class_weights: weights.map { UnsafePointer($0.pointer) }, smoothing: smoothing)
        }
    }

    /// A sum of losses, and the sum of what its rows or elements count.
    public typealias Total = (loss: Double, weight: Double)

    /// Sum of w[label] (-log softmax(logits)[label]) over the rows, smoothed; a label below 0 is passed over.
    /// A label of `columns` or more makes the loss NaN. The weight is the sum of w[label].
    ///
    /// - Parameter areProbabilities: whether the values are probabilities and no logits.
    public static func crossEntropy(
        _ values: UnsafePointer<Float>, areProbabilities: Bool = false, labels: UnsafePointer<Float>,
        counting: Counting = Counting(), rows: Int, columns: Int, gradient: UnsafeMutablePointer<Float>?, scale: Float
    ) -> Total {
        let kernel = areProbabilities ? kernels.probability_cross_entropy! : kernels.cross_entropy!
        var weight = 0.0
        let loss = withExtendedLifetime(counting) {
            kernel(values, labels, counting.kernel, gradient, scale, rows, columns, &weight)
        }
        return (loss, weight)
    }

    /// Sum of -(w[1] t log sigmoid(x) + w[0] (1 - t) log(1 - sigmoid(x))), smoothed; a target below 0 is passed over.
    /// The weight is the sum of w[1] t + w[0] (1 - t).
    ///
    /// - Parameter areProbabilities: whether the values are probabilities and no logits.
    public static func binaryCrossEntropy(
        _ values: UnsafePointer<Float>, areProbabilities: Bool = false, _ targets: UnsafePointer<Float>,
        counting: Counting = Counting(), count: Int, gradient: UnsafeMutablePointer<Float>?, scale: Float
    ) -> Total {
        let kernel = areProbabilities ? kernels.probability_binary_cross_entropy! : kernels.binary_cross_entropy!
        var weight = 0.0
        let loss = withExtendedLifetime(counting) {
            kernel(values, targets, counting.kernel, gradient, scale, count, &weight)
        }
        return (loss, weight)
    }

    /// Sum of t (log t - log softmax(logits)): the Kullback-Leibler divergence of the predicted from the wanted
    /// distribution of each row.
    public static func divergence(
        logits: UnsafePointer<Float>, _ targets: UnsafePointer<Float>, rows: Int, columns: Int,
        gradient: UnsafeMutablePointer<Float>?, scale: Float
    ) -> Double {
        kernels.kl_divergence(logits, targets, gradient, scale, rows, columns)
    }

    /// Sum of (x - t)^2; gradient = 2 scale (x - t).
    public static func squaredError(
        _ values: UnsafePointer<Float>, _ targets: UnsafePointer<Float>, count: Int,
        gradient: UnsafeMutablePointer<Float>?, scale: Float
    ) -> Double {
        kernels.squared_error(values, targets, gradient, scale, count)
    }

    /// Sum of |x - t|; gradient = scale sign(x - t).
    public static func absoluteError(
        _ values: UnsafePointer<Float>, _ targets: UnsafePointer<Float>, count: Int,
        gradient: UnsafeMutablePointer<Float>?, scale: Float
    ) -> Double {
        kernels.absolute_error(values, targets, gradient, scale, count)
    }

    /// Sum of (x - t)^2 / 2 near the target, delta (|x - t| - delta / 2) beyond a distance of delta (Huber, 1964).
    public static func huber(
        _ values: UnsafePointer<Float>, _ targets: UnsafePointer<Float>, delta: Float, count: Int,
        gradient: UnsafeMutablePointer<Float>?, scale: Float
    ) -> Double {
        kernels.huber(values, targets, delta, gradient, scale, count)
    }
}
