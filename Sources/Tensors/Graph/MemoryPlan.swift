/// Packs buffers whose times of use are known into one block of memory, so that those never in use together share it.
struct MemoryPlan {
    private struct Request {
        let count: Int
        let times: ClosedRange<Int>
    }

    /// A buffer of the plan.
    struct Buffer {
        fileprivate let index: Int
    }

    private var requests: [Request] = []

    /// Asks for a buffer of `count` floats that must keep its content during these times.
    mutating func request(_ count: Int, during times: ClosedRange<Int>) -> Buffer {
        let alignment = ParameterLayout.alignment
        requests.append(Request(count: (count + alignment - 1) / alignment * alignment, times: times))
        return Buffer(index: requests.count - 1)
    }

    /// Where each buffer lies: the largest first, each at the lowest place that is free during all its times.
    /// Each looks at those that lie below it: quadratic in the number of buffers, at about a nanosecond a pair.
    func layOut() -> Layout {
        var offsets = [Int](repeating: 0, count: requests.count)
        // In order of their offsets.
        var placed: [(start: Int, end: Int, times: ClosedRange<Int>)] = []
        var total = 0
        let order = requests.indices.filter { requests[$0].count > 0 }
            .sorted { (requests[$0].count, $1) > (requests[$1].count, $0) }
        placed.reserveCapacity(order.count)
        for index in order {
            let request = requests[index]
            var offset = 0
            for neighbour in placed {
                if offset + request.count <= neighbour.start { break }
                if neighbour.times.overlaps(request.times) { offset = max(offset, neighbour.end) }
            }
            offsets[index] = offset
            let entry = (start: offset, end: offset + request.count, times: request.times)
            placed.insert(entry, at: place(of: offset, in: placed))
            total = max(total, entry.end)
        }
        return Layout(count: total, offsets: offsets)
    }

    /// Behind all that begin there or before.
    private func place(of offset: Int, in placed: [(start: Int, end: Int, times: ClosedRange<Int>)]) -> Int {
        var (low, high) = (0, placed.count)
        while low < high {
            let middle = (low + high) / 2
            (low, high) = placed[middle].start > offset ? (low, middle) : (middle + 1, high)
        }
        return low
    }

    struct Layout {
        /// Floats of the whole block.
        let count: Int
        fileprivate let offsets: [Int]

        func offset(of buffer: Buffer) -> Int { offsets[buffer.index] }
    }
}
