extension ForwardPass {
    /// A matrix product in the precision of the executor; see `BLAS.multiply`.
    func multiply(
        _ a: BLAS.Factor, _ b: BLAS.Factor, into product: UnsafeMutablePointer<Float>, rows: Int, columns: Int,
        depth: Int, adding: Bool = false
    ) {
        BLAS.multiply(
            a, b, into: product, rows: rows, columns: columns, depth: depth, adding: adding, precision: precision)
    }
}

extension BackwardPass {
    /// A matrix product in the precision of the executor; see `BLAS.multiply`.
    func multiply(
        _ a: BLAS.Factor, _ b: BLAS.Factor, into product: UnsafeMutablePointer<Float>, rows: Int, columns: Int,
        depth: Int, adding: Bool = false
    ) {
        BLAS.multiply(
            a, b, into: product, rows: rows, columns: columns, depth: depth, adding: adding, precision: precision)
    }
}
