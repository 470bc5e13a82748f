extension ForwardPass {
    /// A matrix product in the precision of the executor; see `BLAS.multiply`.
    func multiply(
        _ a: BLAS.Factor, _ b: BLAS.Factor, into product: UnsafeMutablePointer<Float>, stride: Int? = nil, rows: Int,
        columns: Int, depth: Int, scale: Float = 1, adding: Bool = false
    ) {
        BLAS.multiply(
            a, b, into: product, stride: stride, rows: rows, columns: columns, depth: depth, scale: scale,
            adding: adding, precision: precision)
    }
}

extension BackwardPass {
    /// A matrix product in the precision of the executor; see `BLAS.multiply`.
    func multiply(
        _ a: BLAS.Factor, _ b: BLAS.Factor, into product: UnsafeMutablePointer<Float>, stride: Int? = nil, rows: Int,
        columns: Int, depth: Int, scale: Float = 1, adding: Bool = false
    ) {
        BLAS.multiply(
            a, b, into: product, stride: stride, rows: rows, columns: columns, depth: depth, scale: scale,
            adding: adding, precision: precision)
    }
}
