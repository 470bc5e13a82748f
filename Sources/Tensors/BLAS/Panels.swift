import CKernels

/// A matrix packed for many products in a row; see the kernel `multiply_panels`.
enum Panels {
    /// Floats that a matrix takes: its columns, filled up to whole panels.
    static func count(columns: Int, depth: Int) -> Int {
        let width = Int(MARTLET_PANEL)
        return (columns + width - 1) / width * width * depth
    }
}
