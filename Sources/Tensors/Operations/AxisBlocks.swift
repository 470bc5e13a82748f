/// A shape seen along one of its dimensions: for each place in the dimensions outside, one block of floats in a row.
struct AxisBlocks: Sendable, Equatable {
    /// Blocks of one row.
    let count: Int
    /// Floats of one step along the axis.
    let step: Int

    init(_ shape: Shape, axis: Int) {
        precondition(shape.dimensions.indices.contains(axis), "\(shape) has no dimension \(axis)")
        count = shape.dimensions[..<axis].reduce(1, *)
        step = shape.dimensions[(axis + 1)...].reduce(1, *)
    }

    /// Copies `length` floats of each block from one place to another.
    static func copy(
        blocks: Int, length: Int, from source: UnsafePointer<Float>, stride sourceStride: Int,
        to target: UnsafeMutablePointer<Float>, stride targetStride: Int
    ) {
        for block in 0..<blocks {
            (target + block * targetStride).update(from: source + block * sourceStride, count: length)
        }
    }
}
