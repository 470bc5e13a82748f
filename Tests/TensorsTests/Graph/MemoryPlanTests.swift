import Testing

@testable import Tensors

struct MemoryPlanTests {
    @Test func buffersThatAreNeverInUseTogetherShareMemory() {
        var plan = MemoryPlan()
        let first = plan.request(100, during: 0...1)
        let second = plan.request(50, during: 1...2)
        let third = plan.request(100, during: 2...3)
        let layout = plan.layOut()
        #expect(layout.offset(of: first) == layout.offset(of: third))
        #expect(layout.offset(of: second) == 112)
        #expect(layout.count == 112 + 64)
    }

    /// The largest first, each at the lowest place that is free, as one would do it by hand.
    @Test(arguments: 0..<20)
    func everyBufferHasTheLowestPlace(_ seed: UInt64) {
        var random = [Float](repeating: 0, count: 300)
        RandomStream(seed: seed, stream: 1).fill(&random, count: random.count, low: 0, high: 1)
        var plan = MemoryPlan()
        var requests = (0..<100).map { index in
            let start = Int(random[3 * index] * 30)
            let times = start...(start + Int(random[3 * index + 1] * 20))
            let count = Int(random[3 * index + 2] * 6) * ParameterLayout.alignment
            return (count: count, times: times, buffer: plan.request(count, during: times), place: 0)
        }
        let layout = plan.layOut()
        var placed: [Int] = []
        for index in requests.indices.sorted(by: { (requests[$0].count, $1) > (requests[$1].count, $0) }) {
            let others = placed.map { requests[$0] }.filter { $0.count > 0 && $0.times.overlaps(requests[index].times) }
            let ends = [0] + others.map { $0.place + $0.count }
            requests[index].place = ends.sorted().first { place in
                others.allSatisfy { place + requests[index].count <= $0.place || $0.place + $0.count <= place }
            }!
            placed.append(index)
        }
        #expect(requests.map { layout.offset(of: $0.buffer) } == requests.map(\.place))
        #expect(layout.count == requests.map { $0.place + $0.count }.max())
    }

    @Test(arguments: 0..<20)
    func buffersInUseTogetherNeverOverlap(_ seed: UInt64) {
        var random = [Float](repeating: 0, count: 120)
        RandomStream(seed: seed, stream: 0).fill(&random, count: random.count, low: 0, high: 1)
        var plan = MemoryPlan()
        let requests = (0..<40).map { index in
            let start = Int(random[3 * index] * 30)
            let times = start...(start + Int(random[3 * index + 1] * 10))
            let count = Int(random[3 * index + 2] * 200)
            return (count: count, times: times, buffer: plan.request(count, during: times))
        }
        let layout = plan.layOut()
        for (index, one) in requests.enumerated() {
            let place = layout.offset(of: one.buffer)
            #expect(place % ParameterLayout.alignment == 0)
            #expect(place + one.count <= layout.count)
            for other in requests[..<index] where other.times.overlaps(one.times) {
                let otherPlace = layout.offset(of: other.buffer)
                #expect(place + one.count <= otherPlace || otherPlace + other.count <= place)
            }
        }
        #expect(layout.count < requests.reduce(0) { $0 + $1.count })
    }
}
