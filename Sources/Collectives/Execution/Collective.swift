package import Tensors
import Wire

/// A collective operation that all ranks of a group have agreed to call, ready to be run any number of times.
package struct Collective: Sendable {
    package let plan: Plan
    package let wire: WireFormat
    /// The operation in words, for errors: what, of what, how long.
    package let text: String
    let textBytes: [UInt8]
    let signature: UInt32

    /// - Parameters:
    ///   - kind: the field's name for the operation.
    ///   - name: the tensor's.
    ///   - count: elements.
    ///   - details: whatever else the ranks must agree on.
    package init(
        _ kind: String, of name: String, count: Int, wire: WireFormat = .f32, details: String = "", plan: Plan
    ) {
        self.plan = plan
        self.wire = wire
        // One that moves no elements, as a barrier, has no length to speak of.
        let length = count == 0 ? nil : "\(count) x f32\(wire == .f32 ? "" : " as \(wire)")"
        let about = [length, details.isEmpty ? nil : details].compactMap(\.self).joined(separator: ", ")
        text = "\(kind) of \(name)\(about.isEmpty ? "" : " (\(about))")".cut(toUTF8: WireLimits.segmentDescription)
        textBytes = Array(text.utf8)
        signature = Signature.of(textBytes)
    }
}

/// The memory that an operation works on.
package struct CollectiveBuffers {
    package var inputs: [FloatBuffer]
    package var output: FloatBuffer?
    /// Where the operation's elements begin in the inputs and in the output.
    package var offset: Int
    package var shared: SharedBuffers?

    package init(inputs: [FloatBuffer] = [], output: FloatBuffer? = nil, offset: Int = 0, shared: SharedBuffers? = nil)
    {
        self.inputs = inputs
        self.output = output
        self.offset = offset
        self.shared = shared
    }
}

/// Every rank's area of shared memory seen as numbered buffers of the same length.
package struct SharedBuffers {
    package let memory: SharedMemory
    /// Floats of a buffer.
    package let count: Int
    /// Floats from one buffer to the next: a multiple of 16, and at least `count`.
    package let stride: Int

    package init(_ memory: SharedMemory, count: Int, stride: Int) {
        precondition(count <= stride, "buffers of \(count) floats overlap \(stride) floats apart")
        self.memory = memory
        self.count = count
        self.stride = stride
    }

    /// For buffers of so many floats that each begin on a page, so that ranks write to different ones.
    package static func stride(for count: Int) -> Int { (count + 1023) / 1024 * 1024 }

    package func buffer(_ number: Int, ofRank rank: Int) -> FloatBuffer {
        memory.buffer(ofRank: rank, from: number * stride, count: count)
    }
}
