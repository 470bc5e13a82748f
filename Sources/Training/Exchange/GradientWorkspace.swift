import Collectives
import Tensors

/// The buffers of a gradient exchange by buckets and the operations on them, made once for all steps.
struct GradientWorkspace {
    /// The whole buffer, in the order in which it is reduced.
    let buckets: [Range<Int>]
    /// By the numbers of the reduction.
    let buffers: [FloatBuffer]
    /// Where the batch's gradient lies.
    let result: FloatBuffer
    /// One for each bucket; none for a group of one.
    let operations: [CollectiveOperation]

    /// For a group of one.
    init(_ reduction: TeamReduction, buckets: [Range<Int>], count: Int) {
        self.buckets = buckets
        buffers = (0..<reduction.bufferCount).map { _ in FloatBuffer(count: count) }
        result = buffers[0]
        operations = []
    }

    /// Asks the other ranks whether memory can be shared: all ranks call it at the same point.
    init(_ group: ProcessGroup, reduction: TeamReduction, buckets: [Range<Int>], count: Int) throws {
        self.buckets = buckets
        var layout = group.layout
        layout.hosts = try group.findHosts()
        let stride = SharedBuffers.stride(for: count)
        let resultBuffer = AllReduce.hierarchicalResultBuffer(layout)
        // Where all ranks are on one host and are here nevertheless, they cannot share memory.
        let memory =
            layout.hosts.count == 1
            ? nil
            : try group.shareMemory(
                floats: AllReduce.hierarchicalBufferCount(layout) * stride, named: "gradients")
        let shared = memory.map { SharedBuffers($0, count: count, stride: stride) }
        let buffers = (0..<reduction.bufferCount).map { index in
            guard let shared, index < reduction.nodes.count else { return FloatBuffer(count: count) }
            return shared.buffer(index, ofRank: group.rank)
        }
        self.buffers = buffers
        let result = shared?.buffer(resultBuffer, ofRank: layout.neighbours[0]) ?? FloatBuffer(count: count)
        self.result = result
        operations = buckets.enumerated().map { index, range in
            let algorithm =
                shared == nil ? group.tuning.algorithm(for: layout, bytes: 4 * range.count) : .hierarchical
            let plan = AllReduce.plan(algorithm, count: range.count, layout: layout, tuning: group.tuning)
            let collective = Collective(
                "all-reduce", of: "gradient bucket \(index + 1) of \(buckets.count)", count: range.count,
                details: algorithm.rawValue, plan: plan)
            let buffers = CollectiveBuffers(
                inputs: reduction.nodes.indices.map { buffers[$0] }, output: result, offset: range.lowerBound,
                shared: shared)
            return CollectiveOperation(collective, in: group, buffers)
        }
    }
}
