/// The memory that a graph runs on: one arena for all that happens between input and output, and for each value the
/// places of its content and of its gradient.
final class GraphBuffers {
    let arena: FloatBuffer
    let values: UnsafeMutablePointer<UnsafeMutablePointer<Float>>
    let gradients: UnsafeMutablePointer<UnsafeMutablePointer<Float>>

    /// - Parameters:
    ///   - count: floats of the arena.
    ///   - valueOffsets: for each value, floats from the start of the arena to its content.
    ///   - gradientOffsets: the same for its gradient.
    init(count: Int, values valueOffsets: [Int], gradients gradientOffsets: [Int]) {
        arena = FloatBuffer(count: count)
        values = .allocate(capacity: valueOffsets.count)
        gradients = .allocate(capacity: gradientOffsets.count)
        for (index, offset) in valueOffsets.enumerated() {
            (values + index).initialize(to: arena.pointer + offset)
        }
        for (index, offset) in gradientOffsets.enumerated() {
            (gradients + index).initialize(to: arena.pointer + offset)
        }
    }

    deinit {
        values.deallocate()
        gradients.deallocate()
    }
}
