/// How one worker adds up the gradients of its own slices: a short program over numbered buffers.
///
/// Slices are computed from left to right and added as soon as both halves of a node are there, so a worker with n
/// slices needs at most log₂ n + 1 buffers.
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
