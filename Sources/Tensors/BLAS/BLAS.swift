import COpenBLAS

/// Matrix products by OpenBLAS. All matrices are row-major.
public enum BLAS {
    /// A factor of a product, as stored: its rows are `stride` floats apart.
    struct Factor {
        let pointer: UnsafePointer<Float>
        let stride: Int
        let isTransposed: Bool

        static func plain(_ pointer: UnsafePointer<Float>, stride: Int) -> Factor {
            Factor(pointer: pointer, stride: stride, isTransposed: false)
        }

        static func transposed(_ pointer: UnsafePointer<Float>, stride: Int) -> Factor {
            Factor(pointer: pointer, stride: stride, isTransposed: true)
        }
    }

    /// Which of OpenBLAS's kernels this CPU runs, such as `SkylakeX`.
    public static var coreName: String { String(cString: openblas_get_corename()) }

    /// Threads of each product. One unless set: the processes of a cluster share the cores of a machine, and the order
    /// of a sum depends on the number of threads. Set it before the first network is built.
    public static func setThreads(_ count: Int) {
        precondition(count > 0, "BLAS needs at least one thread, got \(count)")
        _ = startsWithOneThread
        openblas_set_num_threads(Int32(count))
    }

    /// Makes the library start with one thread instead of one for each core.
    static let startsWithOneThread: Void = openblas_set_num_threads(1)

    /// product (rows x columns) = a (rows x depth) b (depth x columns), or product += a b if `adding`.
    static func multiply(
        _ a: Factor, _ b: Factor, into product: UnsafeMutablePointer<Float>, rows: Int, columns: Int, depth: Int,
        adding: Bool = false
    ) {
        let beta: Float = adding ? 1 : 0
        if rows == 1, !a.isTransposed {
            // A single row, as in serving: sgemm would first copy the whole of b.
            cblas_sgemv(
                CblasRowMajor, b.isTransposed ? CblasNoTrans : CblasTrans,
                blasint(b.isTransposed ? columns : depth), blasint(b.isTransposed ? depth : columns), 1, b.pointer,
                blasint(b.stride), a.pointer, 1, beta, product, 1)
            return
        }
        cblas_sgemm(
            CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans, b.isTransposed ? CblasTrans : CblasNoTrans,
            blasint(rows), blasint(columns), blasint(depth), 1, a.pointer, blasint(a.stride), b.pointer,
            blasint(b.stride), beta, product, blasint(columns))
    }
}
