import CKernels

/// Functions that turn logits into probabilities. Both work in place too.
public enum OutputKernels {
    public static func sigmoid(_ values: UnsafePointer<Float>, into results: UnsafeMutablePointer<Float>, count: Int) {
        kernels.activation_forward(.sigmoid, values, results, count)
    }

    /// Softmax of each row.
    public static func softmax(
        _ values: UnsafePointer<Float>, into results: UnsafeMutablePointer<Float>, rows: Int, columns: Int
    ) {
        kernels.softmax_forward(values, results, rows, columns)
    }
}
