import Collectives
import Tensors

/// The buffers of an exchange in place: what every thread of every rank leaves its sums in, where all can read it, and
/// once for all ranks the parameters and the optimizer's moments.
struct InPlaceWorkspace {
    /// By the numbers of this rank's reduction.
    let buffers: [FloatBuffer]
    /// The sums that all threads of all ranks leave.
    let parts: [Range<Int>: FloatBuffer]
    /// Nil: as they were before, in a group of one.
    let parameters: FloatBuffer?
    let moments: [FloatBuffer]
    let squares: FloatBuffer
    /// Nil for a group of one.
    let shared: SharedBuffers?
    /// Which of all threads of all ranks this rank's are.
    let places: Range<Int>
    let threads: Int

    /// For a group of one.
    init(_ reduction: TeamReduction, count: Int, squaresCount: Int) {
        let buffers = (0..<reduction.bufferCount).map { _ in FloatBuffer(count: count) }
        self.buffers = buffers
        parts = Dictionary(uniqueKeysWithValues: reduction.parts.map { ($0.slices, buffers[$0.buffer]) })
        parameters = nil
        moments = []
        squares = FloatBuffer(count: squaresCount)
        shared = nil
        threads = reduction.threads.count
        places = 0..<threads
    }

    /// For ranks that are all on one host; nil, on every rank, if they cannot share memory. All ranks call it at the
    /// same point.
    ///
    /// - Parameters:
    ///   - count: floats of a gradient with its statistics.
    ///   - moments: of the optimizer.
    init?(_ group: ProcessGroup, reduction: TeamReduction, count: Int, moments: Int, squaresCount: Int) throws {
        let threads = try group.allGather(value: reduction.threads.count, named: "threads")
        let reductions = zip(group.shares, threads).map { slices, threads in
            TeamReduction(slices: slices, threads: threads, of: group.tree)
        }
        // What there is once is divided between the ranks' areas.
        let stride = SharedBuffers.stride(for: count)
        let partCount = reductions.map(\.parts.count).max()!
        let common = 1 + moments
        let perRank = partCount + (common + group.size - 1) / group.size
        guard
            let memory = try group.shareMemory(
                floats: perRank * stride + SharedBuffers.stride(for: squaresCount), named: "training")
        else { return nil }
        let shared = SharedBuffers(memory, count: count, stride: stride)
        self.shared = shared
        buffers = (0..<reduction.bufferCount).map { number in
            number < reduction.parts.count
                ? shared.buffer(number, ofRank: group.rank) : FloatBuffer(count: count)
        }
        parts = reductions.enumerated().reduce(into: [:]) { parts, rank in
            for part in rank.element.parts { parts[part.slices] = shared.buffer(part.buffer, ofRank: rank.offset) }
        }
        let values = (0..<common).map { index in
            memory.buffer(
                ofRank: index % group.size, from: (partCount + index / group.size) * stride,
                count: count - StepStatistics.count)
        }
        parameters = values[0]
        self.moments = Array(values[1...])
        squares = memory.buffer(ofRank: 0, from: perRank * stride, count: squaresCount)
        let firsts = reductions.reduce(into: [0]) { $0.append($0.last! + $1.threads.count) }
        places = firsts[group.rank]..<firsts[group.rank + 1]
        self.threads = firsts.last!
    }
}
