/// How one worker adds up the gradients of its own slices: a short program over numbered buffers.
///
/// Terms: slices, nodes and cover as in `SliceTree`. A *buffer* has room for one gradient, a *part* is a node of the
/// cover with the buffer that it ends in.
///
/// Steps: slices are computed from left to right, each into the first buffer that is free. As soon as both halves of a
/// node are there the right one is added to the left one, which frees its buffer.
/// ```
/// slice 0 -> A
/// slice 1 -> B    A += B
/// slice 2 -> B
/// slice 3 -> C    B += C    A += B
/// ```
/// Cost: a node of w slices takes w-1 additions of whole gradients and at most ⌈log₂ w⌉ + 1 buffers. A cover of several
/// nodes keeps one buffer for each that is complete. Nothing is sent and nothing fails.
package struct LocalReduction: Sendable, Equatable {
    package struct Step: Sendable, Equatable {
        package var slice: Int
        /// Where the slice's gradient goes.
        package var buffer: Int
        /// Then buffer `from` is added to buffer `into`, in this order.
        package var additions: [Addition]
    }

    package struct Addition: Sendable, Equatable {
        package var from: Int
        package var into: Int
    }

    /// A node of the tree that is complete after the last step, and the buffer it lies in.
    package struct Part: Sendable, Equatable {
        package var slices: Range<Int>
        package var buffer: Int
    }

    package let steps: [Step]
    package let parts: [Part]
    package let bufferCount: Int

    package init(slices: Range<Int>, of tree: SliceTree) {
        var steps: [Step] = []
        var parts: [Part] = []
        var bufferCount = 0
        for node in tree.cover(of: slices) {
            Self.append(node, at: parts.count, to: &steps, bufferCount: &bufferCount)
            parts.append(Part(slices: node, buffer: parts.count))
        }
        self.steps = steps
        self.parts = parts
        self.bufferCount = bufferCount
    }

    /// Appends the steps that leave the sum of `node` in `buffer`, using buffers above it as scratch.
    private static func append(
        _ node: Range<Int>, at buffer: Int, to steps: inout [Step], bufferCount: inout Int
    ) {
        bufferCount = max(bufferCount, buffer + 1)
        guard let (left, right) = SliceTree.children(of: node) else {
            steps.append(Step(slice: node.lowerBound, buffer: buffer, additions: []))
            return
        }
        append(left, at: buffer, to: &steps, bufferCount: &bufferCount)
        append(right, at: buffer + 1, to: &steps, bufferCount: &bufferCount)
        steps[steps.count - 1].additions.append(Addition(from: buffer + 1, into: buffer))
    }
}
