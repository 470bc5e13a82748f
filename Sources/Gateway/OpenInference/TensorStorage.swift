/// Memory of one tensor on its way to a node. The frame that carries it keeps it alive, so nothing is copied.
final class TensorStorage: @unchecked Sendable {
    // Filled by the one task that made it, and only read once a frame holds it.
    let bytes: UnsafeMutableRawBufferPointer

    init(byteCount: Int) {
        bytes = .allocate(byteCount: byteCount, alignment: 64)
    }

    deinit {
        bytes.deallocate()
    }

    /// The first float; the memory is not initialised.
    var floats: UnsafeMutablePointer<Float> {
        bytes.baseAddress!.assumingMemoryBound(to: Float.self)
    }
}
