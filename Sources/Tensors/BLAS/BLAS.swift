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

    /// product (rows x columns) = scale a (rows x depth) b (depth x columns), or product += scale a b if `adding`. A
    /// precision that this CPU does not support must not be asked for.
    ///
    /// - Parameter stride: floats between rows of the product; nil: they lie one behind the other.
    static func multiply(
        _ a: Factor, _ b: Factor, into product: UnsafeMutablePointer<Float>, stride: Int? = nil, rows: Int,
        columns: Int, depth: Int, scale: Float = 1, adding: Bool = false, precision: Precision = .f32
    ) {
        let stride = stride ?? columns
        if min(rows, columns, depth) >= leastSide {
            if precision == .bf16 {
                return martlet_bf16_product(
                    a.stored, b.stored, product, stride, rows, columns, depth, scale, adding)
            }
            if rows * columns * depth >= leastWork {
                return kernels.product(a.stored, b.stored, product, stride, rows, columns, depth, scale, adding)
            }
        }
        let isDense = a.stride == depth && b.stride == depth && stride == columns
        if rows <= fewRows, isDense, !a.isTransposed, b.isTransposed, scale == 1, !adding {
            return kernels.dot_products(a.pointer, b.pointer, product, rows, columns, depth)
        }
        cblas_sgemm(
            CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans, b.isTransposed ? CblasTrans : CblasNoTrans,
            blasint(rows), blasint(columns), blasint(depth), scale, a.pointer, blasint(a.stride), b.pointer,
            blasint(b.stride), adding ? 1 : 0, product, blasint(stride))
    }
}
