/// A block of 32-bit floats at an address that is a multiple of 64, so that rows of kernels start on cache lines.
///
/// A class, because parameters, gradients and optimizer states are shared between the parts of a trainer, each of which
/// works on its own range. It is sendable unchecked: who writes which range when is for its users to agree on.
public final class FloatBuffer: @unchecked Sendable {
    /// Bytes; one cache line, and one AVX-512 register.
    public static let alignment = 64

    /// Floats.
    public let count: Int
    /// The first float; valid as long as the buffer lives. Zeroes at first.
    public let pointer: UnsafeMutablePointer<Float>
    /// Whoever owns the memory, where it is not the buffer's own.
    private let owner: (any AnyObject & Sendable)?

    public init(count: Int) {
        precondition(count >= 0, "a buffer cannot have \(count) floats")
        let bytes = max(count, 1) * MemoryLayout<Float>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: Self.alignment)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        self.count = count
        self.pointer = memory.bindMemory(to: Float.self, capacity: max(count, 1))
        owner = nil
    }

    /// A buffer over memory that lives as long as `owner`, such as memory shared with other processes.
    public init(viewing pointer: UnsafeMutablePointer<Float>, count: Int, owner: any AnyObject & Sendable) {
        precondition(UInt(bitPattern: pointer).isMultiple(of: UInt(Self.alignment)), "a buffer begins on a cache line")
        self.count = count
        self.pointer = pointer
        self.owner = owner
    }

    deinit {
        if owner == nil { UnsafeMutableRawPointer(pointer).deallocate() }
    }

    /// An independent buffer with the same content.
    public func copy() -> FloatBuffer {
        let copy = FloatBuffer(count: count)
        copy.copy(from: self)
        return copy
    }

    /// Takes over the content of a buffer of the same length.
    public func copy(from other: FloatBuffer) {
        precondition(other.count == count, "a buffer of \(count) floats cannot take over \(other.count)")
        pointer.update(from: other.pointer, count: count)
    }
}
