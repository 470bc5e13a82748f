import Collectives
import Tensors

/// The buffers of a gradient exchange and the operations on them, made once for all steps.
struct GradientWorkspace {
    /// By the numbers of the local reduction.
    let partials: [FloatBuffer]
    /// Where the batch's gradient lies.
    let result: FloatBuffer
    /// One for each bucket; none for a group of one.
    let operations: [CollectiveOperation]

    /// Asks the other ranks whether memory can be shared: all ranks call it at the same point.
    init(_ group: ProcessGroup, reduction: LocalReduction, buckets: [Range<Int>], count: Int) throws {
        guard group.size > 1 else {
            partials = (0..<reduction.bufferCount).map { _ in FloatBuffer(count: count) }
            result = partials[0]
            operations = []
            return
        }
        var layout = group.layout
        layout.hosts = try group.findHosts()
        // Every buffer begins on a page, so that ranks write to different ones.
        let stride = (count + 1023) / 1024 * 1024
        let resultBuffer = AllReduce.hierarchicalResultBuffer(layout)
        let bufferCount = layout.hosts.count == 1 ? resultBuffer + 1 : AllReduce.hierarchicalBufferCount(layout)
        let memory = try group.shareMemory(floats: bufferCount * stride, named: "gradients")
        let shared = memory.map { SharedBuffers($0, stride: stride) }
        partials = (0..<reduction.bufferCount).map { index in
            guard let shared, index < reduction.parts.count else { return FloatBuffer(count: count) }
            return shared.buffer(index, ofRank: group.rank)
        }
        let result = shared?.buffer(resultBuffer, ofRank: layout.neighbours[0]) ?? FloatBuffer(count: count)
        self.result = result
        let algorithm: AllReduce.Algorithm? = shared.map { _ in layout.hosts.count == 1 ? .shared : .hierarchical }
        operations = buckets.enumerated().map { [partials] index, range in
            let algorithm = algorithm ?? group.tuning.algorithm(for: layout, bytes: 4 * range.count)
            let plan = AllReduce.plan(
                algorithm, count: range.count, layout: layout, tuning: group.tuning,
                result: .common(buffer: resultBuffer))
            let collective = Collective(
                "all-reduce", of: "gradient bucket \(index + 1) of \(buckets.count)", count: range.count,
                details: algorithm.rawValue, plan: plan)
            let buffers = CollectiveBuffers(
                inputs: reduction.parts.map { partials[$0.buffer] }, output: result, offset: range.lowerBound,
                shared: shared)
            return CollectiveOperation(collective, in: group, buffers)
        }
    }
}
