import COpenBLAS

extension BLAS {
    /// product (rows x columns, its rows `stride` floats apart) = scale a b, or product += scale a b if `adding`.
    /// For blocks of larger matrices, such as one head of an attention layer.
    static func multiply(
        _ a: Factor, _ b: Factor, into product: UnsafeMutablePointer<Float>, stride: Int, rows: Int, columns: Int,
        depth: Int, scale: Float = 1, adding: Bool = false
    ) {
        cblas_sgemm(
            CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans, b.isTransposed ? CblasTrans : CblasNoTrans,
            blasint(rows), blasint(columns), blasint(depth), scale, a.pointer, blasint(a.stride), b.pointer,
            blasint(b.stride), adding ? 1 : 0, product, blasint(stride))
    }
}
