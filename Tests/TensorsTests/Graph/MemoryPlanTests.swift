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

    private struct Request {
        var count: Int
        var times: ClosedRange<Int>
        var buffer: MemoryPlan.Buffer
    }

    /// Requests at random: `steps` is how long one lasts at most, `size` how much one asks for.
    private func requests(
        _ number: Int, of plan: inout MemoryPlan, seed: UInt64, stream: UInt32, steps: Float, size: (Float) -> Int
    ) -> [Request] {
        var random = [Float](repeating: 0, count: 3 * number)
        RandomStream(seed: seed, stream: stream).fill(&random, count: random.count, low: 0, high: 1)
        return (0..<number).map { index in
            let start = Int(random[3 * index] * 30)
            let times = start...(start + Int(random[3 * index + 1] * steps))
            let count = size(random[3 * index + 2])
            return Request(count: count, times: times, buffer: plan.request(count, during: times))
        }
    }

    /// The largest first, each at the lowest place that is free, as one would do it by hand.
    @Test(arguments: 0..<20)
    func everyBufferHasTheLowestPlace(_ seed: UInt64) {
        var plan = MemoryPlan()
        let requests = requests(100, of: &plan, seed: seed, stream: 1, steps: 20) {
            Int($0 * 6) * ParameterLayout.alignment
        }
        var places = [Int](repeating: 0, count: requests.count)
        let layout = plan.layOut()
        var placed: [Int] = []
        for index in requests.indices.sorted(by: { (requests[$0].count, $1) > (requests[$1].count, $0) }) {
            let one = requests[index]
            let others = placed.filter { requests[$0].count > 0 && requests[$0].times.overlaps(one.times) }
                .map { places[$0]..<places[$0] + requests[$0].count }
            places[index] = ([0] + others.map(\.upperBound)).sorted().first { place in
                others.allSatisfy { place + one.count <= $0.lowerBound || $0.upperBound <= place }
            }!
            placed.append(index)
        }
        #expect(requests.map { layout.offset(of: $0.buffer) } == places)
        #expect(layout.count == zip(places, requests).map { $0 + $1.count }.max())
    }

    @Test(arguments: 0..<20)
    func buffersInUseTogetherNeverOverlap(_ seed: UInt64) {
        var plan = MemoryPlan()
        let requests = requests(40, of: &plan, seed: seed, stream: 0, steps: 10) { Int($0 * 200) }
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
