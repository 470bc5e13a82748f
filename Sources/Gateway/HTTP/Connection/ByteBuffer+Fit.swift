import NIOCore

extension ByteBuffer {
    /// Moves a few bytes that wait for more out of the large buffer in which they came.
    mutating func fit() {
        guard storageCapacity > 1024, storageCapacity / 4 > readableBytes else { return }
        guard readableBytes > 0 else {
            self = ByteBuffer()
            return
        }
        var copy = ByteBufferAllocator().buffer(capacity: readableBytes)
        copy.writeBuffer(&self)
        self = copy
    }
}
