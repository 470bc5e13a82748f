import CKernels

/// Losses fused with their gradient: both in one pass over the outputs. Sums over all rows or elements.
public enum LossKernels {
    /// Sum of -log softmax(logits)[label] over the rows; gradient = scale (softmax(logits) - one hot(label)).
    /// A label outside 0..<columns makes the loss NaN.
    public static func crossEntropy(
        logits: UnsafePointer<Float>, labels: UnsafePointer<Float>, rows: Int, columns: Int,
        gradient: UnsafeMutablePointer<Float>?, scale: Float
    ) -> Double {
        kernels.cross_entropy(logits, labels, gradient, scale, rows, columns)
    }

    /// Sum of -(t log sigmoid(x) + (1 - t) log(1 - sigmoid(x))); gradient = scale (sigmoid(x) - t).
    public static func binaryCrossEntropy(
        logits: UnsafePointer<Float>, _ targets: UnsafePointer<Float>, count: Int,
        gradient: UnsafeMutablePointer<Float>?, scale: Float
    ) -> Double {
        kernels.binary_cross_entropy(logits, targets, gradient, scale, count)
    }

    /// Sum of (x - t)^2; gradient = 2 scale (x - t).
    public static func squaredError(
        _ values: UnsafePointer<Float>, _ targets: UnsafePointer<Float>, count: Int,
        gradient: UnsafeMutablePointer<Float>?, scale: Float
    ) -> Double {
        kernels.squared_error(values, targets, gradient, scale, count)
    }
}
