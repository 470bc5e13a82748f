import CKernels
import COpenBLAS

/// Matrix products, by OpenBLAS but for the smallest and for bfloat16. All matrices are row-major.
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

        fileprivate var rounded: martlet_factor {
            martlet_factor(values: pointer, stride: stride, is_transposed: isTransposed)
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

    /// Up to this many rows, as in serving, products with a transposed matrix are computed row by row: sgemm would first
    /// copy the whole matrix, which takes three times as long as the product itself.
    private static let fewRows = 8

    /// Products with fewer rows, columns or depth than this are computed in f32 whatever the precision: to round and
    /// pack the factors would take longer than to multiply them.
    private static let leastForBF16 = 16

    /// product (rows x columns) = a (rows x depth) b (depth x columns), or product += a b if `adding`. A precision that
    /// this CPU does not support must not be asked for.
    static func multiply(
        _ a: Factor, _ b: Factor, into product: UnsafeMutablePointer<Float>, rows: Int, columns: Int, depth: Int,
        adding: Bool = false, precision: Precision = .f32
    ) {
        if precision == .bf16, min(rows, columns, depth) >= leastForBF16 {
            return martlet_bf16_product(a.rounded, b.rounded, product, rows, columns, depth, adding)
        }
        if rows <= fewRows, !a.isTransposed, b.isTransposed, !adding, a.stride == depth, b.stride == depth {
            kernels.dot_products(a.pointer, b.pointer, product, rows, columns, depth)
            return
        }
        cblas_sgemm(
            CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans, b.isTransposed ? CblasTrans : CblasNoTrans,
            blasint(rows), blasint(columns), blasint(depth), 1, a.pointer, blasint(a.stride), b.pointer,
            blasint(b.stride), adding ? 1 : 0, product, blasint(columns))
    }
}
