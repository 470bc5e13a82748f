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
    /// Quadratic in the number of buffers.
    func layOut() -> Layout {
        var offsets = [Int](repeating: 0, count: requests.count)
        var placed: [Int] = []
        var total = 0
        for index in requests.indices.sorted(by: { (requests[$0].count, $1) > (requests[$1].count, $0) }) {
            let request = requests[index]
            let neighbours = placed.filter { requests[$0].times.overlaps(request.times) }
                .sorted { offsets[$0] < offsets[$1] }
            var offset = 0
            for neighbour in neighbours {
                if offset + request.count <= offsets[neighbour] { break }
                offset = max(offset, offsets[neighbour] + requests[neighbour].count)
            }
            offsets[index] = offset
            placed.append(index)
            total = max(total, offset + request.count)
        }
        return Layout(count: total, offsets: offsets)
    }

    struct Layout {
        /// Floats of the whole block.
        let count: Int
        fileprivate let offsets: [Int]

        func offset(of buffer: Buffer) -> Int { offsets[buffer.index] }
    }
}
