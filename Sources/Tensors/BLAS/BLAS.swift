import CKernels
import COpenBLAS

/// Matrix products: by kernels of our own, and by OpenBLAS where matrices are so small that nothing is gained by
/// packing. All matrices are row-major.
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

        fileprivate var stored: martlet_factor {
            martlet_factor(values: pointer, stride: stride, is_transposed: isTransposed)
        }
    }

    /// Which of OpenBLAS's kernels this CPU runs, such as `SkylakeX`.
    public static var coreName: String { String(cString: openblas_get_corename()) }

    /// Makes OpenBLAS compute on the calling thread alone, instead of on one for each core.
    static let startsWithOneThread: Void = openblas_set_num_threads(1)

    /// Up to this many rows, as in serving, products with a transposed matrix are computed row by row: sgemm would first
    /// copy the whole matrix, which takes three times as long as the product itself.
    private static let fewRows = 8

    /// Products with fewer rows, columns or depth than this are left to OpenBLAS, in f32 whatever the precision: to pack
    /// the factors would take longer than to multiply them.
    private static let leastSide = 16

    /// As are those of fewer multiplications than this, unless they are to be rounded.
    private static let leastWork = 1 << 16

    /// product (rows x columns) = a (rows x depth) b (depth x columns), or product += a b if `adding`. A precision that
    /// this CPU does not support must not be asked for.
    static func multiply(
        _ a: Factor, _ b: Factor, into product: UnsafeMutablePointer<Float>, rows: Int, columns: Int, depth: Int,
        adding: Bool = false, precision: Precision = .f32
    ) {
        if min(rows, columns, depth) >= leastSide {
            if precision == .bf16 {
                return martlet_bf16_product(a.stored, b.stored, product, rows, columns, depth, adding)
            }
            if rows * columns * depth >= leastWork {
                return kernels.product(a.stored, b.stored, product, columns, rows, columns, depth, adding)
            }
        }
        if rows <= fewRows, !a.isTransposed, b.isTransposed, !adding, a.stride == depth, b.stride == depth {
            return kernels.dot_products(a.pointer, b.pointer, product, rows, columns, depth)
        }
        cblas_sgemm(
            CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans, b.isTransposed ? CblasTrans : CblasNoTrans,
            blasint(rows), blasint(columns), blasint(depth), 1, a.pointer, blasint(a.stride), b.pointer,
            blasint(b.stride), adding ? 1 : 0, product, blasint(columns))
    }
}
