import CKernels

/// Sums and scales of flat buffers, such as gradients.
public enum SumKernels {
    /// sums = left + right; `sums` may be either of them.
    public static func add(
        _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, into sums: UnsafeMutablePointer<Float>, count: Int
    ) {
        kernels.add(left, right, sums, count)
    }

    /// sums += values
    public static func add(_ values: UnsafePointer<Float>, to sums: UnsafeMutablePointer<Float>, count: Int) {
        kernels.add(sums, values, sums, count)
    }

    /// values = factor x values
    public static func scale(_ values: UnsafeMutablePointer<Float>, by factor: Float, count: Int) {
        kernels.scale(factor, values, values, count)
    }

    /// Each row: (value - offsets[column]) * scales[column]. In place too.
    public static func normalizeRows(
        _ values: UnsafePointer<Float>, offsets: UnsafePointer<Float>, scales: UnsafePointer<Float>,
        into results: UnsafeMutablePointer<Float>, rows: Int, columns: Int
    ) {
        kernels.normalize_rows(values, offsets, scales, results, rows, columns)
    }
}
